//! The views of a run, as somebody types them: `--trace`, `--timeline`, `--trace-json`, `step`.

#[path = "../common/binary.rs"]
mod binary;
#[path = "../common/mod.rs"]
mod common;
mod demo;
mod events;
mod every_scenario;
mod pty;
mod speedscope;
mod step;
mod timeline;
mod trace;
mod trace_json;

#[test]
fn help_names_every_view() {
    let help = demo::output(&["--help"]);
    for option in ["[step]", "--trace[=", "--timeline", "--trace-json", "--page"] {
        assert!(help.contains(option), "{option}:\n{help}");
    }
}
