//! Numbers as a reader likes them.

/// Two significant digits below ten, whole numbers above, thousands with commas: `7.4`, `32`, `1,088`.
pub fn rounded(value: f64) -> String {
    if value < 9.95 {
        return format!("{value:.1}");
    }
    grouped(value.round() as u64)
}

/// `1000000` as `1,000,000`.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
