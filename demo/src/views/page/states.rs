//! How things are after a step, as JSON: tasks, ready queue, queues, timers.

use std::fmt::Write;
use std::rc::Rc;

use executor::{Activity, QueueView, ReadyView, TaskId, TaskView, TimerView};

use super::run::{Writer, event_key, queue_key, task_key, timer_key};
use super::tables::{Log, numbers, quoted};
use super::words;
use crate::views::recorder::{EventView, Recorded};
use crate::views::words::{end, waits};

impl Writer {
    pub(super) fn tasks(&mut self, now: &Recorded) -> u32 {
        let list = address(&now.tasks);
        if let Some(&number) = self.known.get(&list) {
            return number;
        }
        let mut cards = Vec::with_capacity(now.tasks.len());
        for task in now.tasks.iter() {
            let view = Rc::as_ptr(task).cast();
            let number = match self.known.get(&view) {
                Some(&number) => number,
                None => self.card(task),
            };
            self.known.insert(view, number);
            cards.push((row_of(task.id), number));
        }
        let number = self.list_in_blocks(&cards);
        self.known.insert(list, number);
        number
    }

    /// `[key, name, activity, what it does, who holds the waker, polls, wakes, line]`
    fn card(&mut self, task: &TaskView) -> u32 {
        let (doing, holder) = match task.activity {
            Activity::Idle => {
                let what = waits(&task.waits, |id| self.name(id));
                (format!("for {what}"), words::holder(&task.waits, |id| self.name(id)))
            }
            Activity::Queued => ("in the ready queue".to_string(), String::new()),
            Activity::Running => ("has its turn".to_string(), String::new()),
            Activity::Done(how) => (format!("it {}", end(how)), String::new()),
        };
        let ends = task.cancelled && !matches!(task.activity, Activity::Done(_));
        let doing = if ends { doing + "; cancelled" } else { doing };
        let place = task.awaits_at.or(task.spawned_at).filter(|_| !self.has_listing);
        let line = place.map_or(0, |place| place.line());
        let key = quoted(&task_key(task.id));
        let (name, activity) = (quoted(&task.name), quoted(words::activity(task.activity)));
        let (doing, holder) = (quoted(&doing), quoted(&holder));
        let (polls, wakes) = (task.polls, task.wakes);
        self.cards
            .number(format!("[{key},{name},{activity},{doing},{holder},{polls},{wakes},{line}]"))
    }

    /// `[start in the log, length, how many of them have their turn in this pass]`
    pub(super) fn ready(&mut self, now: &Recorded) -> u32 {
        let entries: Vec<u32> = now.ready.iter().map(|&entry| self.entry(now, entry)).collect();
        let log = self.log(u32::MAX, 0);
        let (start, length) = self.logs[log].window(&entries);
        self.ready.number(format!("[{start},{length},{}]", now.left_in_pass))
    }

    /// `[key, poll or call, what]`
    fn entry(&mut self, now: &Recorded, entry: ReadyView) -> u32 {
        let (key, way, what) = match entry {
            ReadyView::Poll(task) => {
                if let Some(&number) = self.known_polls.get(&task) {
                    return number;
                }
                (task_key(task), "poll", self.name(task))
            }
            ReadyView::Timer(timer) => (timer_key(timer), "call", self.call_of(now, timer)),
            ReadyView::Child(child) => {
                (format!("c{child}"), "call", format!("gather: {} has ended", self.name(child)))
            }
            ReadyView::Stop => ("stop".to_string(), "call", "end of the run".to_string()),
        };
        let number = self.entries.number(format!("[{},\"{way}\",{}]", quoted(&key), quoted(&what)));
        if let ReadyView::Poll(task) = entry {
            self.known_polls.insert(task, number);
        }
        number
    }

    /// What the call of a timer does: it wakes a task, unless the timer was disarmed.
    fn call_of(&self, now: &Recorded, timer: u32) -> String {
        let armed = now.timers.binary_search_by_key(&timer, |armed| armed.timer);
        match armed.ok().and_then(|at| now.timers[at].task) {
            Some(task) => format!("timer {timer}: wake {}", self.name(task)),
            None => format!("timer {timer}"),
        }
    }

    /// The queues that have been used so far, and how they are.
    pub(super) fn queues(&mut self, now: &Recorded) -> u32 {
        let queues: Vec<u32> = now.queues.iter().map(|queue| self.queue(queue)).collect();
        self.lists.number(numbers(&queues))
    }

    /// `[key, number, maxsize, unfinished, closed, (log, start, length) of items, getters, putters, joiners]`
    fn queue(&mut self, queue: &QueueView) -> u32 {
        let items = queue.items.iter().map(|item| self.items.number(quoted(item))).collect();
        let tasks = [&queue.getters, &queue.putters, &queue.joiners]
            .map(|line| line.iter().map(|&task| self.task_thing(task)).collect::<Vec<u32>>());
        let [getters, putters, joiners] = tasks;
        let mut row = format!(
            "[{},{},{},{},{}",
            quoted(&queue_key(queue.queue)),
            queue.queue,
            queue.maxsize,
            queue.unfinished,
            u8::from(queue.closed)
        );
        for (i, line) in [items, getters, putters, joiners].into_iter().enumerate() {
            let log = self.log(queue.queue, i);
            let (start, length) = self.logs[log].window(&line);
            let _ = write!(row, ",{log},{start},{length}");
        }
        self.queues.number(row + "]")
    }

    /// The events that steps have told of so far, and how they are.
    pub(super) fn events(&mut self, now: &Recorded) -> u32 {
        let events: Vec<u32> = now.events.iter().map(|event| self.event(event)).collect();
        self.lists.number(numbers(&events))
    }

    /// `[key, number, set or not, who waits for it]`
    fn event(&mut self, event: &EventView) -> u32 {
        let waiters: Vec<u32> = event.waiters.iter().map(|&task| self.task_thing(task)).collect();
        let (key, number, set) = (event_key(event.event), event.event, u8::from(event.is_set));
        self.events.number(format!("[{},{number},{set},{}]", quoted(&key), numbers(&waiters)))
    }

    fn log(&mut self, owner: u32, line: usize) -> usize {
        *self.log_numbers.entry((owner, line)).or_insert_with(|| {
            self.logs.push(Log::default());
            self.logs.len() - 1
        })
    }

    /// `[its time, the slot that its time is in for each level, timers]`
    pub(super) fn wheel(&mut self, now: &Recorded) -> u32 {
        let time = self.time(now.wheel_time);
        let nanos = now.wheel_time.as_nanos();
        let hands: Vec<u32> =
            self.levels.iter().map(|&level| (nanos >> (6 * level) & 63) as u32).collect();
        let timers = self.armed(now);
        self.wheels.number(format!("[{time},{},{timers}]", numbers(&hands)))
    }

    fn armed(&mut self, now: &Recorded) -> u32 {
        let list = address(&now.timers);
        if let Some(&number) = self.known.get(&list) {
            return number;
        }
        let timers: Vec<(u32, u32)> =
            now.timers.iter().map(|timer| (timer.timer, self.timer(timer))).collect();
        let number = self.list_in_blocks(&timers);
        self.known.insert(list, number);
        number
    }

    /// `[key, number, level or -1 if it is due, slot, deadline in ns, in words, whom it wakes]`
    fn timer(&mut self, timer: &TimerView) -> u32 {
        let (level, slot) = timer.position.map_or((-1, 0), |(level, slot)| (level as i64, slot));
        let key = quoted(&timer_key(timer.timer));
        let (deadline, in_words) = (timer.deadline.as_nanos(), self.time(timer.deadline));
        let whom = timer.task.map_or(-1, |task| i64::from(self.task_thing(task)));
        let number = timer.timer;
        self.timers.number(format!("[{key},{number},{level},{slot},{deadline},{in_words},{whom}]"))
    }

    /// A list whose elements have places, so that what comes and goes in the midst moves no others.
    fn list_in_blocks(&mut self, list: &[(u32, u32)]) -> u32 {
        let blocks = list.chunk_by(|(a, _), (b, _)| a / 16 == b / 16);
        let blocks: Vec<u32> = blocks
            .map(|block| {
                let rows: Vec<u32> = block.iter().map(|&(_, row)| row).collect();
                self.blocks.number(numbers(&rows))
            })
            .collect();
        self.lists.number(numbers(&blocks))
    }
}

/// By its address the writer knows what it has written already: the recorder keeps everything as long as this
/// runs, and neighbours share what has not changed.
fn address<T>(list: &Rc<[T]>) -> *const () {
    Rc::as_ptr(list).cast()
}

/// The row of a task: its number up to the point.
fn row_of(task: TaskId) -> u32 {
    let number = task.to_string();
    number.split('.').next().and_then(|row| row.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_a_long_list_writes_one_block() {
        let mut writer = Writer::default();
        let list: Vec<(u32, u32)> = (0..64).map(|i| (i, i)).collect();
        writer.list_in_blocks(&list);
        assert_eq!(writer.blocks.rows.len(), 4);
        let shorter: Vec<(u32, u32)> = list.iter().copied().filter(|&(i, _)| i != 20).collect();
        writer.list_in_blocks(&shorter);
        assert_eq!((writer.blocks.rows.len(), writer.lists.rows.len()), (5, 2));
    }
}
