//! The table: a line for each workload, ours beside the best peer and all the others.

use std::fmt::Write;

use crate::common::number::rounded;
use crate::common::statistics::{Summary, geometric_mean};
use crate::measure::Outcome;
use crate::row::{Group, Row};

/// A row, and what came out for each of its contenders.
pub struct Line {
    pub row: Row,
    pub outcomes: Vec<Outcome>,
}

/// The number of a peer, and for a queue the runtime that was the best for it.
struct Result<'a> {
    summary: Summary,
    on: Option<&'a str>,
}

impl Line {
    pub fn ours(&self) -> Option<Summary> {
        self.outcomes[0].as_ref().ok().copied()
    }

    /// The peers' names, each once, in the order of the columns.
    fn peers(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for contender in &self.row.contenders[1..] {
            if !names.contains(&contender.name) {
                names.push(contender.name);
            }
        }
        names
    }

    /// The best result under this name.
    fn result(&self, peer: &str) -> Option<Result<'_>> {
        let contenders = self.row.contenders.iter().zip(&self.outcomes).skip(1);
        contenders
            .filter(|(contender, _)| contender.name == peer)
            .filter_map(|(contender, outcome)| {
                let summary = *outcome.as_ref().ok()?;
                Some(Result { summary, on: contender.on })
            })
            .min_by(|one, other| one.summary.median.total_cmp(&other.summary.median))
    }

    /// Who did not take part, or failed: names and reasons.
    fn absent(&self) -> Vec<(String, &str)> {
        let mut absent = Vec::new();
        for (name, reason) in &self.row.left_out {
            absent.push((name.to_string(), reason.as_str()));
        }
        for (contender, outcome) in self.row.contenders.iter().zip(&self.outcomes) {
            if let Err(reason) = outcome {
                absent.push((contender.full_name(), reason.as_str()));
            }
        }
        absent
    }

    fn best(&self) -> Option<(&str, Result<'_>)> {
        let results = self.peers().into_iter().filter_map(|peer| Some((peer, self.result(peer)?)));
        results.min_by(|one, other| one.1.summary.median.total_cmp(&other.1.summary.median))
    }

    fn ratio(&self) -> Option<f64> {
        Some(self.ours()?.median / self.best()?.1.summary.median)
    }
}

/// The table of the runtimes, and that of the queues.
pub fn tables(lines: &[Line]) -> String {
    let mut text = String::new();
    for group in [Group::Runtimes, Group::Queues] {
        let lines: Vec<&Line> = lines.iter().filter(|line| line.row.group == group).collect();
        if !lines.is_empty() {
            text += &table(&lines);
            text.push('\n');
        }
    }
    text
}

fn table(lines: &[&Line]) -> String {
    let mut peers = Vec::new();
    for name in lines.iter().flat_map(|line| line.peers()) {
        if !peers.contains(&name) {
            peers.push(name);
        }
    }
    let mut header = vec!["workload", "ours", "best peer", "ratio", "bar", "spread: ours, best"];
    header.extend(&peers);
    let mut cells = vec![header.into_iter().map(str::to_string).collect()];
    for line in lines {
        cells.push(cells_of(line, &peers));
    }
    markdown(&cells)
}

/// A bold ratio is above the bar.
fn cells_of(line: &Line, peers: &[&str]) -> Vec<String> {
    let number = |summary: Summary| rounded(summary.median);
    let nothing = || "-".to_string();
    let mut cells = vec![line.row.title.to_string()];
    cells.push(line.ours().map_or_else(nothing, number));
    cells.push(match line.best() {
        Some((name, best)) => format!("{} ({name})", number(best.summary)),
        None => nothing(),
    });
    cells.push(match line.ratio() {
        Some(ratio) if ratio > line.row.bar => format!("**{ratio:.2}**"),
        Some(ratio) => format!("{ratio:.2}"),
        None => nothing(),
    });
    cells.push(format!("{:.2}", line.row.bar));
    cells.push(match (line.ours(), line.best()) {
        (Some(ours), Some((_, best))) => {
            format!("{:.0} %, {:.0} %", ours.spread_percent(), best.summary.spread_percent())
        }
        _ => nothing(),
    });
    for peer in peers {
        cells.push(match line.result(peer) {
            Some(Result { summary, on: Some(runtime) }) => {
                format!("{} ({runtime})", number(summary))
            }
            Some(Result { summary, on: None }) => number(summary),
            None => nothing(),
        });
    }
    cells
}

/// A Markdown table that reads well in a terminal too: the first line of cells is its header.
pub fn markdown(lines: &[Vec<String>]) -> String {
    let columns = lines[0].len();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        for (column, cell) in line.iter().enumerate() {
            let width = widths[column];
            // Names to the left, numbers to the right.
            let _ = match column {
                0 => write!(text, "| {cell:width$} "),
                _ => write!(text, "| {cell:>width$} "),
            };
        }
        text += "|\n";
        if index == 0 {
            for (column, width) in widths.iter().enumerate() {
                let right = if column == 0 { "-" } else { ":" };
                let _ = write!(text, "|{}{right}", "-".repeat(width + 1));
            }
            text += "|\n";
        }
    }
    text
}

/// A line for each reason why contenders were left out.
pub fn left_out(lines: &[Line]) -> String {
    // First the workloads of each contender and reason, then the contenders that share both.
    let mut absences: Vec<(String, &str, Vec<&str>)> = Vec::new();
    for line in lines {
        for (name, reason) in line.absent() {
            match absences.iter_mut().find(|known| known.0 == name && known.1 == reason) {
                Some((_, _, workloads)) => workloads.push(line.row.name),
                None => absences.push((name, reason, vec![line.row.name])),
            }
        }
    }
    let mut groups: Vec<(Vec<String>, &str, Vec<&str>)> = Vec::new();
    for (name, reason, workloads) in absences {
        match groups.iter_mut().find(|group| group.1 == reason && group.2 == workloads) {
            Some((names, _, _)) => names.push(name),
            None => groups.push((vec![name], reason, workloads)),
        }
    }
    let mut text = String::new();
    for (names, reason, workloads) in groups {
        let _ = writeln!(text, "- {}: {reason} ({})", names.join(", "), workloads.join(", "));
    }
    text + "\n"
}

/// Of all workloads, the worst ratio and the mean.
pub fn last_line(lines: &[Line]) -> String {
    let ratios = || lines.iter().filter_map(|line| Some((line.row.name, line.ratio()?)));
    let worst = ratios().max_by(|one, other| one.1.total_cmp(&other.1));
    let Some((workload, worst)) = worst else {
        return "no ratio: ours or all peers are missing\n".to_string();
    };
    let all: Vec<f64> = ratios().map(|(_, ratio)| ratio).collect();
    let mean = geometric_mean(&all);
    format!("worst ratio to the best peer: {worst:.2} ({workload}); geometric mean {mean:.2}\n")
}
