//! What happens in a small program, step by step: every step that the executor takes, the reason for it, and the
//! line of the program because of which it is taken.
//!
//! These are the programs to begin with if you want to know what the executor does. In each line of a stream
//! stand the pass, whose turn it is (or `-`: the loop's), and what happens; then a piece of the user's line.

use std::fs;
use std::panic::Location;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use demo::views::recorder::{Recorded, Recorder};
use demo::views::words::{name, seconds};
use executor::{Clock, Event, Executor, StepKind, TaskId};
use executor::{gather, sleep, spawn_named, timeout, yield_now};
use futures_lite::future::zip;
use queue::Queue;

const SECOND: Duration = Duration::from_secs(1);

/// The loop does it, or it is the main future, which nobody has spawned.
const NOBODY: &str = "";

#[test]
fn spawn_and_await() {
    let program = async {
        let child = spawn_named("child", async { 7 });
        assert_eq!(child.await, Ok(7));
    };
    expect(
        program,
        &[
            // The main future becomes a task like any other: it stands in the ready queue.
            ("0 - spawn Main", NOBODY),
            // Pass 1 begins.
            ("1 Main poll Main", NOBODY),
            // The child is not run now. It goes behind everything that is ready.
            ("1 Main spawn child", "spawn_named("),
            // Main leaves its waker with the child, and gives the thread back. The line is that of the `.await`.
            ("1 Main pending Main", "child.await"),
            // Pass 2: the child's first turn, which is its last one as well.
            ("2 child poll child", "spawn_named("),
            ("2 child ready child", "spawn_named("),
            ("2 child complete child Ok", "spawn_named("),
            // Who awaits a task directly is woken at its end, and goes on in the next pass.
            ("2 child wake Main", "spawn_named("),
            ("3 Main poll Main", "child.await"),
            ("3 Main ready Main", "child.await"),
            ("3 Main complete Main Ok", "child.await"),
            // asyncio stops its loop by a callback of main's task, and that takes one pass more.
            ("4 - call stop", NOBODY),
        ],
    );
}

#[test]
fn sleep_and_cascade() {
    let program = async {
        sleep(SECOND).await;
    };
    expect(
        program,
        &[
            ("0 - spawn Main", NOBODY),
            ("1 Main poll Main", NOBODY),
            // 10^9 nanoseconds have six digits in base 64, and five below: 59 is the first one.
            ("1 Main arm 0 at 1 s, level 4 slot 59", "sleep("),
            ("1 Main pending Main", "sleep("),
            // Nothing is ready. A virtual clock jumps.
            ("2 - park until 1 s", NOBODY),
            // Level 4 holds slots of 2^24 nanoseconds: the timer is sorted in again, below.
            ("2 - cascade level 4 slot 59", NOBODY),
            // It is due, which does not wake anybody yet: its call goes into the ready queue
            ("2 - fire 0", NOBODY),
            // and has its turn in this pass;
            ("2 - call timer 0", NOBODY),
            ("2 - wake Main", NOBODY),
            // so the sleeper goes on in the next.
            ("3 Main poll Main", "sleep("),
            ("3 Main ready Main", "sleep("),
            ("3 Main complete Main Ok", "sleep("),
            ("4 - call stop", NOBODY),
        ],
    );
}

#[test]
fn put_wakes_get() {
    let program = async {
        let queue = Rc::new(Queue::new(0));
        let getter = spawn_named("getter", {
            let queue = queue.clone();
            async move { queue.get().await }
        });
        yield_now().await;
        queue.put("tea").await.unwrap();
        assert_eq!(getter.await.unwrap(), Ok("tea"));
    };
    expect(
        program,
        &[
            ("0 - spawn Main", NOBODY),
            ("1 Main poll Main", NOBODY),
            ("1 Main spawn getter", "spawn_named("),
            // Giving way is waking oneself: Main stands behind the getter now.
            ("1 Main wake Main", "yield_now("),
            ("1 Main pending Main", "yield_now("),
            ("2 getter poll getter", "spawn_named("),
            // The queue is empty: the getter stands in its line.
            ("2 getter empty queue 0", "get("),
            ("2 getter pending getter", "get("),
            ("2 Main poll Main", "yield_now("),
            // The item goes into the queue, not to the getter, who is only woken.
            ("2 Main put queue 0", "put("),
            ("2 Main wake getter", "put("),
            ("2 Main pending Main", "getter.await"),
            ("3 getter poll getter", "get("),
            // It looks again, and this time there is something.
            ("3 getter get queue 0", "get("),
            ("3 getter ready getter", "get("),
            ("3 getter complete getter Ok", "get("),
            ("3 getter wake Main", "get("),
            ("4 Main poll Main", "getter.await"),
            ("4 Main ready Main", "getter.await"),
            ("4 Main complete Main Ok", "getter.await"),
            ("5 - call stop", NOBODY),
        ],
    );
}

#[test]
fn set_wakes_who_waits() {
    let program = async {
        let event = Rc::new(Event::new());
        let waiter = |name| {
            let event = event.clone();
            spawn_named(name, async move { event.wait().await })
        };
        let (first, second) = (waiter("first"), waiter("second"));
        yield_now().await;
        event.set();
        event.clear();
        first.await.unwrap();
        event.set();
        event.wait().await;
        second.await.unwrap();
    };
    let steps = expect(
        program,
        &[
            ("0 - spawn Main", NOBODY),
            ("1 Main poll Main", NOBODY),
            ("1 Main spawn first", "spawn_named("),
            ("1 Main spawn second", "spawn_named("),
            ("1 Main wake Main", "yield_now("),
            ("1 Main pending Main", "yield_now("),
            ("2 first poll first", "spawn_named("),
            // The flag is not set: both stand in the event's line.
            ("2 first wait event 0", "wait("),
            ("2 first pending first", "wait("),
            ("2 second poll second", "spawn_named("),
            ("2 second wait event 0", "wait("),
            ("2 second pending second", "wait("),
            ("2 Main poll Main", "yield_now("),
            // First the flag, then all who wait, in the order in which they came.
            ("2 Main set event 0", "set("),
            ("2 Main wake first", "set("),
            ("2 Main wake second", "set("),
            // That it is cleared now does not matter to them:
            ("2 Main clear event 0", "clear("),
            ("2 Main pending Main", "first.await"),
            // they do not look again.
            ("3 first poll first", "wait("),
            ("3 first ready first", "wait("),
            ("3 first complete first Ok", "wait("),
            ("3 first wake Main", "wait("),
            ("3 second poll second", "wait("),
            ("3 second ready second", "wait("),
            ("3 second complete second Ok", "wait("),
            // Nobody waits now, and who comes later does not have to: there is no step of a wait.
            ("4 Main poll Main", "first.await"),
            ("4 Main set event 0", "set("),
            ("4 Main ready Main", "set("),
            ("4 Main complete Main Ok", "set("),
            ("5 - call stop", NOBODY),
        ],
    );
    // What the views show of the event: its flag, and its line from first to last.
    let shown = |kind: &str| {
        let at = steps.iter().filter(|at| at.step.kind.name() == kind);
        at.filter_map(|at| Some((at.event(0)?.is_set, at.event(0)?.waiters.len()))).collect()
    };
    let (waits, sets, clears): (Vec<_>, Vec<_>, Vec<_>) =
        (shown("wait"), shown("set"), shown("clear"));
    assert_eq!(waits, [(false, 1), (false, 2)]);
    assert_eq!((sets, clears), (vec![(true, 2), (true, 0)], vec![(false, 0)]));
    // Who is woken stands in line no more.
    let wakes: Vec<_> = shown("wake");
    assert_eq!(wakes, [(true, 1), (true, 0), (false, 0)]);
}

/// Whoever is woken has left the queue's line by then, and the item is still in the queue.
#[test]
fn a_wake_shows_the_queue_without_who_is_woken() {
    let steps = recorded(async {
        let queue = Rc::new(Queue::new(1));
        let getter = spawn_named("getter", {
            let queue = queue.clone();
            async move { (queue.get().await, queue.get().await) }
        });
        yield_now().await;
        queue.put("tea").await.unwrap();
        queue.put("milk").await.unwrap();
        assert_eq!(getter.await, Ok((Ok("tea"), Ok("milk"))));
    });
    let seen = |at: &Recorded| {
        let queue = at.queue(0)?;
        let lines = (queue.items.len(), queue.getters.len(), queue.putters.len());
        Some(format!("{} {lines:?}", at.step.kind.name()))
    };
    let of_the_queue =
        |at: &&Recorded| matches!(at.step.kind, StepKind::Queue { .. } | StepKind::Wake { .. });
    let seen: Vec<String> = steps.iter().filter(of_the_queue).filter_map(seen).collect();
    assert_eq!(
        seen,
        [
            // (items, getters, putters)
            "empty (0, 1, 0)",
            "put (1, 1, 0)",
            "wake (1, 0, 0)",
            "full (1, 0, 1)",
            "get (0, 0, 1)",
            "wake (0, 0, 0)",
            "empty (0, 1, 0)",
            "put (1, 1, 0)",
            "wake (1, 0, 0)",
            "get (0, 0, 0)",
            "wake (0, 0, 0)", // the getter has ended, and Main awaits that
        ]
    );
}

#[test]
fn gather_two() {
    let program = async {
        let (quick, slow) = (spawn_named("quick", async {}), spawn_named("slow", yield_now()));
        gather([quick, slow]).await.unwrap();
    };
    expect(
        program,
        &[
            ("0 - spawn Main", NOBODY),
            ("1 Main poll Main", NOBODY),
            ("1 Main spawn quick", "spawn_named("),
            ("1 Main spawn slow", "spawn_named("),
            // The gather has left a callback with each of the two.
            ("1 Main pending Main", "gather("),
            ("2 quick poll quick", "spawn_named("),
            ("2 quick ready quick", "spawn_named("),
            // The callback goes into the ready queue, as a call. Nobody is woken.
            ("2 quick complete quick Ok", "spawn_named("),
            ("2 slow poll slow", "spawn_named("),
            ("2 slow wake slow", "yield_now("),
            ("2 slow pending slow", "yield_now("),
            // One has ended, one is left.
            ("3 - call child quick", NOBODY),
            ("3 slow poll slow", "yield_now("),
            ("3 slow ready slow", "yield_now("),
            ("3 slow complete slow Ok", "yield_now("),
            // None is left. So it takes two passes from the end of the last child
            ("4 - call child slow", NOBODY),
            ("4 - wake Main", NOBODY),
            // until the gather goes on.
            ("5 Main poll Main", "gather("),
            ("5 Main ready Main", "gather("),
            ("5 Main complete Main Ok", "gather("),
            ("6 - call stop", NOBODY),
        ],
    );
}

#[test]
fn cancel_a_sleeper() {
    let program = async {
        let sleeper = spawn_named("sleeper", async {
            sleep(SECOND).await;
        });
        yield_now().await;
        assert!(sleeper.cancel());
        sleeper.await.unwrap_err();
    };
    expect(
        program,
        &[
            ("0 - spawn Main", NOBODY),
            ("1 Main poll Main", NOBODY),
            ("1 Main spawn sleeper", "spawn_named("),
            ("1 Main wake Main", "yield_now("),
            ("1 Main pending Main", "yield_now("),
            ("2 sleeper poll sleeper", "spawn_named("),
            ("2 sleeper arm 0 at 1 s, level 4 slot 59", "sleep("),
            ("2 sleeper pending sleeper", "sleep("),
            ("2 Main poll Main", "yield_now("),
            // A request: none of the sleeper's code runs here.
            ("2 Main cancel sleeper", "cancel("),
            // But from now on its timer can't wake it. It is ready, to be dropped.
            ("2 Main interrupt sleeper", "cancel("),
            ("2 Main pending Main", "sleeper.await"),
            // Its own turn. Dropping the future disarms the timer, which costs no cascade.
            ("3 sleeper disarm 0", "sleep("),
            ("3 sleeper dropped sleeper", "sleep("),
            ("3 sleeper complete sleeper Cancelled", "sleep("),
            ("3 sleeper wake Main", "sleep("),
            ("4 Main poll Main", "sleeper.await"),
            ("4 Main ready Main", "sleeper.await"),
            ("4 Main complete Main Ok", "sleeper.await"),
            ("5 - call stop", NOBODY),
        ],
    );
}

#[test]
fn timeout_expires() {
    let program = async {
        let sleeping = sleep(2 * SECOND);
        timeout(SECOND, sleeping).await.unwrap_err();
    };
    expect(
        program,
        &[
            ("0 - spawn Main", NOBODY),
            ("1 Main poll Main", NOBODY),
            // First the deadline, then the body: that decides ties.
            ("1 Main arm 0 at 1 s, level 4 slot 59", "timeout("),
            ("1 Main arm 1 at 2 s, level 5 slot 1", "sleep("),
            ("1 Main pending Main", "sleep("),
            ("2 - park until 1 s", NOBODY),
            ("2 - cascade level 4 slot 59", NOBODY),
            ("2 - fire 0", NOBODY),
            ("2 - call timer 0", NOBODY),
            // The call of a timeout does not wake its task; it interrupts what that waits for.
            ("2 - interrupt Main", NOBODY),
            ("3 Main poll Main", "sleep("),
            // The timeout sees that its time is over, and drops the body.
            ("3 Main disarm 1", "timeout("),
            ("3 Main ready Main", "timeout("),
            ("3 Main complete Main Ok", "timeout("),
            ("4 - call stop", NOBODY),
        ],
    );
}

#[test]
fn wake_twice() {
    let program = async {
        let (one, two) = (yield_now(), yield_now());
        zip(one, two).await;
    };
    expect(
        program,
        &[
            ("0 - spawn Main", NOBODY),
            ("1 Main poll Main", NOBODY),
            // It runs, so it does not go into the ready queue before its turn is over,
            ("1 Main wake Main", "yield_now("),
            // and then it goes there once.
            ("1 Main wake Main, in vain", "yield_now("),
            ("1 Main pending Main", "yield_now("),
            ("2 Main poll Main", "yield_now("),
            ("2 Main ready Main", "yield_now("),
            ("2 Main complete Main Ok", "yield_now("),
            ("3 - call stop", NOBODY),
        ],
    );
}

/// A timeout that is round a part only of what the task waits for interrupts nothing: it wakes the task.
#[test]
fn timeout_beside_another_wait() {
    let one = async { sleep(2 * SECOND).await };
    assert_eq!(after_the_call_of_a_timeout_of(one), ["wake Main", "poll Main"]);
    let two = async { _ = zip(sleep(2 * SECOND), sleep(2 * SECOND)).await };
    assert_eq!(after_the_call_of_a_timeout_of(two), ["wake Main", "poll Main"]);
}

fn after_the_call_of_a_timeout_of(body: impl Future<Output = ()>) -> Vec<String> {
    let recorder = Recorder::shared();
    let executor = Executor::new(Clock::virtual_time()).observed_by(recorder.clone());
    executor.run(async {
        let limited = timeout(SECOND, body);
        assert!(zip(limited, sleep(3 * SECOND)).await.0.is_err());
    });
    let recorder = recorder.borrow();
    let steps = recorder.steps();
    let call = steps.iter().position(|at| at.step.kind.name() == "call").expect("it is called");
    let what = |at| in_words(steps, at).split(' ').skip(2).collect::<Vec<_>>().join(" ");
    [call + 1, call + 2].map(what).to_vec()
}

/// The founding program makes every kind of step but a few: each has a line of the executor that notes it, and
/// with hardly an exception one of the program.
#[test]
fn every_step_of_the_founding_run_knows_its_lines() {
    let args = demo::cli::Args { nprod: 5, ncon: 10, seed: 444, virtual_time: true, late: vec![] };
    let recorder = Recorder::shared();
    demo::program::run_observed(&args, Some(recorder.clone()), |_| {}).unwrap();
    let recorder = recorder.borrow();
    for (at, recorded) in recorder.steps().iter().enumerate() {
        let step = &recorded.step;
        executor_line(step.kind, step.executor);
        // Main's first turn aside, a task does nothing but for some line of the program.
        match step.user {
            Some(line) => assert_eq!(file_name(line), "program.rs", "step {}", at + 1),
            None => assert!(step.task.is_none() || at == 1, "step {}: {step:?}", at + 1),
        }
    }
}

/// All steps of a program on a virtual clock.
fn recorded(program: impl Future<Output = ()>) -> Vec<Recorded> {
    let recorder = Recorder::shared();
    Executor::new(Clock::virtual_time()).observed_by(recorder.clone()).run(program);
    recorder.borrow().steps().to_vec()
}

/// Runs a program, and compares all its steps.
fn expect(program: impl Future<Output = ()>, expected: &[(&str, &str)]) -> Vec<Recorded> {
    let steps = recorded(program);
    let stream: Vec<String> = (0..steps.len()).map(|at| in_words(&steps, at)).collect();
    let expected_stream: Vec<&str> = expected.iter().map(|(step, _)| *step).collect();
    assert_eq!(stream, expected_stream);

    for (at, (step, piece)) in expected.iter().enumerate() {
        let taken = steps[at].step;
        assert_eq!(taken.number, at as u64 + 1);
        executor_line(taken.kind, taken.executor);
        match (*piece, taken.user) {
            (NOBODY, None) => {}
            (NOBODY, Some(line)) => panic!("{step}: {line}"),
            (_, None) => panic!("{step}: no line of the program"),
            (piece, Some(line)) => {
                assert_eq!(file_name(line), "steps.rs", "{step}");
                assert!(text(line).contains(piece), "{step}: {line}: {}", text(line));
            }
        }
    }
    steps
}

/// The pass, who, and what.
fn in_words(steps: &[Recorded], at: usize) -> String {
    let step = &steps[at].step;
    let name = |task: TaskId| name(steps, at, task);
    let what = match step.kind {
        StepKind::Spawn { task }
        | StepKind::Poll { task }
        | StepKind::Pending { task }
        | StepKind::Ready { task }
        | StepKind::Dropped { task }
        | StepKind::Wake { task, queued: true }
        | StepKind::CancelRequested { task }
        | StepKind::Interrupted { task } => name(task),
        StepKind::Wake { task, queued: false } => format!("{}, in vain", name(task)),
        StepKind::Complete { task, end } => format!("{} {end:?}", name(task)),
        StepKind::CallTimer { timer } => format!("timer {timer}"),
        StepKind::CallChild { child, .. } => format!("child {}", name(child)),
        StepKind::CallStop => "stop".to_string(),
        StepKind::Arm { timer, deadline, position: Some((level, slot)) } => {
            format!("{timer} at {}, level {level} slot {slot}", seconds(deadline))
        }
        StepKind::Cascade { level, slot } => format!("level {level} slot {slot}"),
        StepKind::Fire { timer } | StepKind::Disarm { timer } => timer.to_string(),
        StepKind::Park { until: Some(until) } => format!("until {}", seconds(until)),
        StepKind::Queue { queue, .. } => format!("queue {queue}"),
        StepKind::WaitForEvent { event }
        | StepKind::SetEvent { event }
        | StepKind::ClearEvent { event } => format!("event {event}"),
        other => format!("{other:?}"),
    };
    let who = step.task.map_or("-".to_string(), name);
    format!("{} {who} {} {what}", step.pass, step.kind.name())
}

/// The executor's line is the one that says so: it names what it notes.
fn executor_line(kind: StepKind, line: &Location<'_>) {
    let (file, text) = (line.file().replace('\\', "/"), text(line));
    let noted = match kind {
        StepKind::Queue { what, .. } => format!("QueueStep::{what:?}"),
        kind => {
            let debug = format!("{kind:?}");
            format!("StepKind::{}", debug.split(' ').next().unwrap_or_default())
        }
    };
    let at_home = file.starts_with("executor/src/") || file.starts_with("queue/src/");
    assert!(at_home && text.contains(&noted), "{kind:?} at {line}: {text}");
}

fn file_name<'a>(line: &Location<'a>) -> &'a str {
    line.file().rsplit(['/', '\\']).next().unwrap_or_default()
}

/// What stands in a line of the sources.
fn text(line: &Location<'_>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(line.file());
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{line}: {error}"));
    source.lines().nth(line.line() as usize - 1).unwrap_or_default().to_string()
}
