//! The middle of many samples, and how far they lie apart.

/// The median and the two quartiles: a slow outlier moves none of them.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    pub lower_quartile: f64,
    pub median: f64,
    pub upper_quartile: f64,
}

impl Summary {
    /// `None` if there is no sample.
    pub fn of(samples: &[f64]) -> Option<Summary> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        Some(Summary {
            lower_quartile: quantile(&sorted, 0.25)?,
            median: quantile(&sorted, 0.5)?,
            upper_quartile: quantile(&sorted, 0.75)?,
        })
    }

    /// The distance of the quartiles in percent of the median.
    pub fn spread_percent(&self) -> f64 {
        100.0 * (self.upper_quartile - self.lower_quartile) / self.median
    }
}

/// Between two samples the quantile is interpolated.
fn quantile(sorted: &[f64], fraction: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = fraction * last as f64;
    let below = sorted[position.floor() as usize];
    let above = sorted[position.ceil() as usize];
    Some(below + (above - below) * position.fract())
}

/// The right mean for ratios: it gives 1.0 for twice as fast and twice as slow.
pub fn geometric_mean(ratios: &[f64]) -> f64 {
    let logarithms: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (logarithms / ratios.len() as f64).exp()
}
