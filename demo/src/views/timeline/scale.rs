//! From times to columns: what stands in each cell of the timeline.

use executor::{End, Instant};

use crate::views::recorder::Recorded;
use crate::views::spans::{Doing, Track};
use crate::views::words::seconds;

/// What a task did in a cell, in the order of [`Doing`]. Having a turn counts by itself.
const SIGNS: [char; 9] = ['█', '▒', '─', 'g', 'p', 'j', 'a', 'e', '?'];

/// Labels of the axis are at least this far apart.
const LABEL: usize = 10;

/// The time of a run, cut into columns.
pub struct Scale<'a> {
    steps: &'a [Recorded],
    /// Nanoseconds. At least 1.
    length: u64,
    columns: usize,
}

impl Scale<'_> {
    /// So many columns for these steps; but one for a run that takes no time.
    pub fn new(steps: &[Recorded], columns: usize) -> Scale<'_> {
        match steps.last().map_or(0, |last| last.step.time.as_nanos()) {
            0 => Scale { steps, length: 1, columns: 1 },
            length => Scale { steps, length, columns },
        }
    }

    /// How long a column is, to two digits.
    pub fn column_in_words(&self) -> String {
        let seconds = self.length as f64 / self.columns as f64 / 1e9;
        let decimals = (1.0 - seconds.log10().floor()).clamp(0.0, 9.0) as usize;
        format!("{seconds:.decimals$} s")
    }

    /// The axis: round times above the columns in which they lie.
    pub fn labels(&self) -> Vec<char> {
        let least = self.start_of(LABEL.min(self.columns)).max(1);
        let power = 10u64.pow(least.ilog10());
        let round = [1, 2, 5, 10].map(|factor| power.saturating_mul(factor));
        let between = round.into_iter().find(|&round| round >= least).unwrap_or(u64::MAX);

        let mut labels = Vec::new();
        for time in (0..self.length).step_by(usize::try_from(between).unwrap_or(usize::MAX)) {
            let label = seconds(Instant::from_nanos(time));
            let column = self.column(time);
            if (labels.is_empty() || labels.len() + 2 <= column)
                && column + label.len() <= self.columns.max(label.len())
            {
                labels.resize(column, ' ');
                labels.extend(label.chars());
            }
        }
        labels
    }

    /// A task's cells.
    pub fn cells(&self, track: &Track) -> Vec<char> {
        let mut cells = vec![' '; self.columns];
        let mut longest = vec![0; self.columns];
        for doing in Doing::ALL.into_iter().filter(|&doing| doing != Doing::Running) {
            let times = self.times(track, doing);
            for (column, time) in times.into_iter().enumerate() {
                if time > longest[column] {
                    longest[column] = time;
                    cells[column] = SIGNS[doing as usize];
                }
            }
        }
        for span in track.spans.iter().filter(|span| span.doing == Doing::Running) {
            for column in self.columns_of(self.time(span.from), self.time(span.to)) {
                cells[column] = SIGNS[Doing::Running as usize];
            }
        }
        match track.end {
            Some((at, End::Cancelled)) => cells[self.column(self.time(at))] = '×',
            Some((at, End::Failed | End::Panicked)) => cells[self.column(self.time(at))] = '!',
            Some((_, End::Ok)) | None => {}
        }
        cells
    }

    /// A queue's cells: the most items that it held.
    pub fn items(&self, row: usize) -> Vec<char> {
        let mut most = vec![0; self.columns];
        for (at, recorded) in self.steps.iter().enumerate() {
            let items = recorded.queues.get(row).map_or(0, |queue| queue.items.len());
            let until = self.time(at + 1);
            for column in self.columns_of(recorded.step.time.as_nanos(), until) {
                most[column] = items.max(most[column]);
            }
        }
        let digit = |items: usize| match items {
            0 => ' ',
            1..=9 => char::from(b'0' + items as u8),
            _ => '+',
        };
        most.into_iter().map(digit).collect()
    }

    /// How long a task did this in each column.
    fn times(&self, track: &Track, doing: Doing) -> Vec<u64> {
        let mut times = vec![0; self.columns];
        for span in track.spans.iter().filter(|span| span.doing == doing) {
            let (from, to) = (self.time(span.from), self.time(span.to));
            for column in self.columns_of(from, to) {
                let (start, end) = (self.start_of(column), self.start_of(column + 1));
                times[column] += to.min(end).saturating_sub(from.max(start));
            }
        }
        times
    }

    /// When this step was taken; the end of the run, if there is no such step.
    fn time(&self, step: usize) -> u64 {
        self.steps.get(step).map_or(self.length, |at| at.step.time.as_nanos())
    }

    /// The columns that lie, at least in part, between two times; one column if they are equal.
    fn columns_of(&self, from: u64, to: u64) -> std::ops::RangeInclusive<usize> {
        self.column(from)..=self.column(from.max(to.saturating_sub(1)))
    }

    fn column(&self, time: u64) -> usize {
        let column = u128::from(time) * self.columns as u128 / u128::from(self.length);
        (column as usize).min(self.columns - 1)
    }

    fn start_of(&self, column: usize) -> u64 {
        (u128::from(self.length) * column as u128 / self.columns as u128) as u64
    }
}
