//! A row of the table: a workload, and those who take part in it.

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Runtimes,
    Queues,
}

pub struct Row {
    pub name: &'static str,
    pub title: &'static str,
    /// The greatest ratio of ours to the best peer that we allow ourselves.
    pub bar: f64,
    /// What the workload repeats in one measurement.
    pub repeats: usize,
    pub group: Group,
    /// Takes seconds a round: fewer rounds.
    pub slow: bool,
    /// Each measurement in a process of its own, with a time limit.
    pub isolated: bool,
    /// The numbers are bytes, the same in each round: one round.
    pub bytes: bool,
    /// Ours is the first.
    pub contenders: Vec<Contender>,
    /// Who does not take part, and why.
    pub left_out: Vec<(&'static str, String)>,
}

/// One who runs the workload of a row: a runtime, or a queue on a runtime.
pub struct Contender {
    pub name: &'static str,
    /// For a queue the runtime that it ran on.
    pub on: Option<&'static str>,
    /// Nanoseconds or bytes an operation.
    pub measure: fn(usize) -> f64,
}

impl Contender {
    pub fn new(name: &'static str, measure: fn(usize) -> f64) -> Contender {
        Contender { name, on: None, measure }
    }

    pub fn pair(name: &'static str, on: &'static str, measure: fn(usize) -> f64) -> Contender {
        Contender { name, on: Some(on), measure }
    }

    /// `flume on monoio`
    pub fn full_name(&self) -> String {
        match self.on {
            Some(runtime) => format!("{} on {runtime}", self.name),
            None => self.name.to_string(),
        }
    }
}

impl Row {
    pub fn new(name: &'static str, title: &'static str, bar: f64, repeats: usize) -> Row {
        Row {
            name,
            title,
            bar,
            repeats,
            group: Group::Runtimes,
            slow: false,
            isolated: false,
            bytes: false,
            contenders: Vec::new(),
            left_out: Vec::new(),
        }
    }

    pub fn by(self, contenders: Vec<Contender>) -> Row {
        Row { contenders, ..self }
    }

    pub fn group(self, group: Group) -> Row {
        Row { group, ..self }
    }

    pub fn slow(self) -> Row {
        Row { slow: true, ..self }
    }

    pub fn isolated(self) -> Row {
        Row { isolated: true, ..self }
    }

    pub fn bytes(self) -> Row {
        Row { bytes: true, ..self }
    }

    pub fn without(mut self, names: &[&'static str], reason: &str) -> Row {
        for name in names {
            self.left_out.push((name, reason.to_string()));
        }
        self
    }
}
