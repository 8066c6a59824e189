//! Does a listing stand in a source, text for text?

/// Looks for a listing in a source: the lines in one piece, or in several, in order, with a line `// …` or `# …`
/// between two of them. All lines may have lost the same indent. The error says which line was not
/// found (counted from 0), and what the source has instead, if its neighbours are there.
pub fn find(listing: &[&str], source: &[&str]) -> Result<(), Missing> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (index, _) in listing.iter().enumerate().filter(|(_, line)| is_elision(line)) {
        pieces.push(start..index);
        start = index + 1;
    }
    pieces.push(start..listing.len());
    pieces.retain(|piece| !piece.is_empty());
    if pieces.is_empty() {
        return Err(Missing { line: 0, instead: None });
    }
    let mut nearest = Missing { line: 0, instead: None };
    for indent in indents(source) {
        let mut from = 0;
        let found = pieces.iter().try_for_each(|piece| {
            match place(&listing[piece.clone()], source, from, indent) {
                Ok(at) => {
                    from = at + piece.len();
                    Ok(())
                }
                Err(missing) => Err(Missing { line: piece.start + missing.line, ..missing }),
            }
        });
        match found {
            Ok(()) => return Ok(()),
            Err(missing) if missing.rank() > nearest.rank() => nearest = missing,
            Err(_) => {}
        }
    }
    Err(nearest)
}

/// The first line of a listing that is not in the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    pub line: usize,
    /// The line of the source that stands where it should, and its number, counted from 1.
    pub instead: Option<(usize, String)>,
}

impl Missing {
    /// The more of the listing is there, the more it tells.
    fn rank(&self) -> (usize, bool) {
        (self.line, self.instead.is_some())
    }
}

fn is_elision(line: &str) -> bool {
    matches!(line.trim(), "// …" | "# …")
}

/// The indents that occur, the smallest first.
fn indents<'a>(source: &[&'a str]) -> Vec<&'a str> {
    let mut indents: Vec<&str> =
        source.iter().map(|line| &line[..line.len() - line.trim_start().len()]).collect();
    indents.push("");
    indents.sort_by_key(|indent| indent.len());
    indents.dedup();
    indents
}

/// Where the lines of a piece first stand together, from a line on.
fn place(piece: &[&str], source: &[&str], from: usize, indent: &str) -> Result<usize, Missing> {
    let mut nearest = Missing { line: 0, instead: None };
    for at in from..source.len() {
        let equal =
            piece.iter().zip(&source[at..]).take_while(|(a, b)| is_line(a, b, indent)).count();
        if equal == piece.len() {
            return Ok(at);
        }
        if equal > nearest.line {
            let instead = source.get(at + equal).map(|line| (at + equal + 1, (*line).to_string()));
            nearest = Missing { line: equal, instead };
        }
    }
    Err(nearest)
}

fn is_line(listed: &str, source: &str, indent: &str) -> bool {
    if listed.trim().is_empty() {
        return source.trim().is_empty();
    }
    source.strip_prefix(indent) == Some(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: [&str; 9] = [
        "mod m {",
        "    fn a() {",
        "        one();",
        "",
        "        two();",
        "    }",
        "    fn b() {",
        "    }",
        "}",
    ];

    fn missing(listing: &[&str]) -> Option<(usize, Option<usize>)> {
        let missing = find(listing, &SOURCE).err()?;
        Some((missing.line, missing.instead.map(|(number, _)| number)))
    }

    #[test]
    fn what_stands_there_is_found() {
        assert_eq!(missing(&["    fn a() {", "        one();"]), None);
        assert_eq!(missing(&["fn a() {", "    one();", "", "    two();", "}"]), None);
        assert_eq!(missing(&["fn a() {", "    // …", "    two();", "}", "# …", "}"]), None);
        assert_eq!(missing(&["mod m {", "// …", "}"]), None);
    }

    #[test]
    fn what_does_not_stand_there_is_not() {
        assert_eq!(missing(&["fn c() {"]), Some((0, None)));
        assert_eq!(
            missing(&["fn a() {", "    one();", "    two();"]),
            Some((2, Some(4))),
            "a line is left out"
        );
        assert_eq!(missing(&["fn a() {", "    One();"]), Some((1, Some(3))), "a letter is another");
        assert_eq!(missing(&["fn a() {", "one();"]), Some((1, Some(3))), "the indent is another");
        assert_eq!(
            missing(&["fn b() {", "// …", "one();"]),
            Some((2, None)),
            "the order is another"
        );
        assert_eq!(
            missing(&["one();", "// …", "    }"]),
            Some((2, None)),
            "the pieces lost different indents"
        );
        assert!(missing(&["// …"]).is_some(), "nothing is listed");
        assert!(missing(&[]).is_some(), "nothing is listed");
    }
}
