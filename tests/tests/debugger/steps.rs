//! At every step of a program that uses everything, the commands show what the executor shows its observers.

use crate::session::{self, Session};
use crate::words;

#[test]
fn at_every_step_the_commands_show_what_an_observer_sees() {
    if session::gdb().is_none() {
        return;
    }
    let observed = words::of_every_step();
    let mut gdb = Session::start(&["test", "debugger", "busy::it_ends"]);
    gdb.say("run");
    let mut queues = 0;
    for (step, expected) in (1..).zip(&observed) {
        let arrived = gdb.say(&format!("goto {step}"));
        assert!(arrived.starts_with(&format!("step {step} (")), "{arrived}");
        for (command, expected) in expected {
            let shown = words::comparable(&gdb.say(command));
            if *command != "queues" {
                assert_eq!(&shown, expected, "`{command}` after step {step}");
                continue;
            }
            // An observer knows a queue from its first step on and for ever, the command while somebody has it.
            let (shown, expected) = (words::by_queue(&shown), words::by_queue(expected));
            for queue in &expected {
                let number = queue.split(':').next().unwrap_or_default();
                if let Some(same) =
                    shown.iter().find(|shown| shown.starts_with(&format!("{number}:")))
                {
                    assert_eq!(same, queue, "`queues` after step {step}");
                    queues += 1;
                }
            }
        }
        let tree = gdb.say("await-tree");
        assert!(!tree.contains("can't") && !tree.contains("nonsense"), "step {step}: {tree}");
    }
    assert!(queues > 60, "{queues} queues were seen in all: too few to show much");
    assert!(observed.len() > 150, "{} steps are too few to show much", observed.len());
}
