//! A plot as SVG text: panels side by side, both axes logarithmic. Its colours follow the reader's
//! light or dark theme, and the lines differ in their strokes too.

use std::fmt::Write;

use super::number::{grouped, rounded};

pub struct Plot<'a> {
    pub title: &'a str,
    pub panels: Vec<Panel<'a>>,
}

pub struct Panel<'a> {
    pub title: &'a str,
    pub series: Vec<Series<'a>>,
}

pub struct Series<'a> {
    pub name: &'a str,
    pub points: Vec<(f64, f64)>,
}

/// One panel, in pixels; the title stands above all of them.
const WIDTH: f64 = 310.0;
const HEIGHT: f64 = 280.0;
const TITLE: f64 = 40.0;
/// The frame inside its panel.
const LEFT: f64 = 50.0;
const RIGHT: f64 = 34.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 36.0;

/// The width of an entry of the legend.
const LEGEND: f64 = 120.0;

const STYLE: &str = "\
  text { font: 12px sans-serif; fill: #333; }
  .title { font-weight: bold; }
  .frame { fill: none; stroke: #999; }
  .grid { stroke: #ddd; }
  .line { fill: none; stroke-width: 2; }
  .line0 { stroke: #0b6e4f; }
  .line1 { stroke: #c1440e; stroke-dasharray: 7 3; }
  .line2 { stroke: #3a5fcd; stroke-dasharray: 2 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd; }
    .grid { stroke: #444; }
    .line0 { stroke: #5fd3a5; }
    .line1 { stroke: #ff9b6a; }
    .line2 { stroke: #9db4ff; }
  }
";

impl Plot<'_> {
    pub fn svg(&self) -> String {
        let width = WIDTH * self.panels.len() as f64;
        let height = TITLE + HEIGHT;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n\
             <text class=\"title\" x=\"{LEFT}\" y=\"22\">{title}</text>\n",
            title = self.title,
        );
        self.legend(width, &mut svg);
        let range = Range::of(&self.panels);
        for (index, panel) in self.panels.iter().enumerate() {
            let left = WIDTH * index as f64;
            let _ = writeln!(svg, "<g transform=\"translate({left} {TITLE})\">");
            panel.draw(&range, &mut svg);
            svg += "</g>\n";
        }
        svg += "</svg>\n";
        svg
    }

    /// In the line of the title, to the right: a piece of each line, and its name.
    fn legend(&self, width: f64, svg: &mut String) {
        let Some(panel) = self.panels.first() else { return };
        let mut x = width - RIGHT - LEGEND * panel.series.len() as f64;
        for (index, Series { name, .. }) in panel.series.iter().enumerate() {
            let text = x + 30.0;
            let _ = writeln!(
                svg,
                "<path class=\"line line{index}\" d=\"M{x} 18h24\"/><text x=\"{text}\" y=\"22\">{name}</text>"
            );
            x += LEGEND;
        }
    }
}

impl Panel<'_> {
    fn draw(&self, range: &Range, svg: &mut String) {
        let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
        for x in range.decades_across() {
            let at = range.x(x);
            let label = grouped(x as u64);
            let y = HEIGHT - BOTTOM;
            let _ = writeln!(svg, "<path class=\"grid\" d=\"M{at:.1} {TOP}V{y}\"/>");
            let y = y + 16.0;
            let _ = writeln!(
                svg,
                "<text x=\"{at:.1}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>"
            );
        }
        for y in range.decades_up() {
            let at = range.y(y);
            let _ = writeln!(svg, "<path class=\"grid\" d=\"M{LEFT} {at:.1}h{width}\"/>");
            let (x, at) = (LEFT - 6.0, at + 4.0);
            let label = if y < 1.0 { rounded(y) } else { grouped(y as u64) };
            let _ =
                writeln!(svg, "<text x=\"{x}\" y=\"{at:.1}\" text-anchor=\"end\">{label}</text>");
        }
        let _ = writeln!(
            svg,
            "<rect class=\"frame\" x=\"{LEFT}\" y=\"{TOP}\" width=\"{width}\" height=\"{height}\"/>\n\
             <text class=\"title\" x=\"{LEFT}\" y=\"20\">{}</text>",
            self.title
        );
        for (index, series) in self.series.iter().enumerate() {
            let points: Vec<String> = series
                .points
                .iter()
                .map(|(x, y)| format!("{:.1},{:.1}", range.x(*x), range.y(*y)))
                .collect();
            let points = points.join(" ");
            let _ = writeln!(svg, "<polyline class=\"line line{index}\" points=\"{points}\"/>");
        }
    }
}

/// What the axes show: the same for all panels, so that they can be compared.
struct Range {
    x: (f64, f64),
    y: (f64, f64),
}

impl Range {
    fn of(panels: &[Panel<'_>]) -> Range {
        let points =
            || panels.iter().flat_map(|panel| &panel.series).flat_map(|series| &series.points);
        let limits = |values: &mut dyn Iterator<Item = f64>| {
            let (least, most) = values.fold((f64::MAX, f64::MIN), |(least, most), value| {
                (least.min(value), most.max(value))
            });
            (least, most)
        };
        let x = limits(&mut points().map(|point| point.0));
        let y = limits(&mut points().map(|point| point.1));
        // Whole decades upwards.
        Range { x, y: (decade_below(y.0), decade_below(y.1) * 10.0) }
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * share(value, self.x)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share(value, self.y)
    }

    fn decades_across(&self) -> impl Iterator<Item = f64> {
        decades(self.x)
    }

    fn decades_up(&self) -> impl Iterator<Item = f64> {
        decades(self.y)
    }
}

/// How far along a logarithmic axis, from 0 to 1.
fn share(value: f64, (least, most): (f64, f64)) -> f64 {
    (value / least).ln() / (most / least).ln()
}

fn decade_below(value: f64) -> f64 {
    10f64.powf(value.log10().floor())
}

fn decades((least, most): (f64, f64)) -> impl Iterator<Item = f64> {
    let first = decade_below(least);
    (0..)
        .map(move |power| first * 10f64.powi(power))
        .take_while(move |decade| *decade <= most * 1.001)
}
