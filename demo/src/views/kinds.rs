//! The kinds of steps by name: to choose some of them, and to give each its colour.

use executor::StepKind;

use super::terminal::Ink;

/// The names of all kinds ([`StepKind::name`]), in the order in which a run shows them first.
pub const KINDS: [&str; 25] = [
    "spawn",
    "poll",
    "pending",
    "ready",
    "complete",
    "wake",
    "call",
    "arm",
    "park",
    "cascade",
    "fire",
    "disarm",
    "put",
    "get",
    "full",
    "empty",
    "task_done",
    "join",
    "shutdown",
    "wait",
    "set",
    "clear",
    "cancel",
    "interrupt",
    "dropped",
];

/// The kinds that somebody wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kinds(Vec<&'static str>);

impl Kinds {
    /// "poll,wake" means these two; "" means all.
    ///
    /// # Errors
    /// One line that lists the kinds, if one is unknown.
    pub fn parse(text: &str) -> Result<Kinds, String> {
        let names = text.split(',').filter(|_| !text.is_empty());
        names.map(kind).collect::<Result<_, _>>().map(Kinds)
    }

    /// Whether this kind is among them.
    pub fn contain(&self, kind: &StepKind) -> bool {
        self.0.is_empty() || self.0.contains(&kind.name())
    }
}

/// A kind by its name.
///
/// # Errors
/// One line that lists the kinds.
pub fn kind(name: &str) -> Result<&'static str, String> {
    let known = KINDS.into_iter().find(|&known| known == name);
    known.ok_or_else(|| format!("there is no kind '{name}': expected {}", KINDS.join(", ")))
}

/// The colour of a kind.
pub fn ink(kind: &StepKind) -> Ink {
    match kind {
        StepKind::Poll { .. } | StepKind::Pending { .. } | StepKind::Ready { .. } => Ink::Green,
        StepKind::Spawn { .. } | StepKind::Complete { .. } => Ink::Magenta,
        StepKind::Wake { .. } => Ink::Cyan,
        StepKind::Queue { .. } => Ink::Yellow,
        StepKind::WaitForEvent { .. } => Ink::Yellow,
        StepKind::SetEvent { .. } | StepKind::ClearEvent { .. } => Ink::Yellow,
        StepKind::CancelRequested { .. } => Ink::Red,
        StepKind::Interrupted { .. } | StepKind::Dropped { .. } => Ink::Red,
        _ => Ink::Blue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which kinds there are, only the executor's source knows: the names that `StepKind::name` returns.
    #[test]
    fn all_kinds_are_there() {
        let source = include_str!("../../../executor/src/trace.rs");
        let (_, name) = source.split_once("pub fn name(&self)").expect("a function");
        let (name, _) = name.split_once("\n    }\n").expect("its end");
        let mut names: Vec<&str> = name.split('"').skip(1).step_by(2).collect();
        let mut known = KINDS.to_vec();
        names.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, names);
    }

    #[test]
    fn some_kinds_or_all() {
        let (park, stop) = (StepKind::Park { until: None }, StepKind::CallStop);
        assert!(Kinds::parse("").unwrap().contain(&park));
        let kinds = Kinds::parse("park,poll").unwrap();
        assert!(kinds.contain(&park) && !kinds.contain(&stop));
        for bad in ["timer", "poll,", ",", "Poll", "poll wake"] {
            let complaint = Kinds::parse(bad).unwrap_err();
            assert!(complaint.contains("expected spawn, poll, pending"), "{complaint}");
        }
    }
}
