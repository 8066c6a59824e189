//! A `console` listing: commands, and what they print.

/// A command of a listing, and what stands below it.
#[derive(Debug, PartialEq)]
pub struct Said {
    /// The line of the listing, counted from 0.
    pub line: usize,
    pub command: String,
    pub output: Vec<String>,
}

/// The commands of a listing: lines that begin with `$ `, and go on where one ends with `\`.
pub fn commands(body: &[&str]) -> Result<Vec<Said>, String> {
    let mut commands: Vec<Said> = Vec::new();
    let mut goes_on = false;
    for (line, text) in body.iter().enumerate() {
        match (text.strip_prefix("$ "), commands.last_mut()) {
            (_, Some(last)) if goes_on => last.command += &format!("\n{text}"),
            (Some(command), _) => {
                commands.push(Said { line, command: command.to_string(), output: Vec::new() });
            }
            (None, Some(last)) => {
                last.output.push((*text).to_string());
                continue;
            }
            (None, None) => return Err(format!("begins with a command, `$ …`, not with: {text}")),
        }
        goes_on = text.ends_with('\\');
    }
    if commands.is_empty() {
        return Err("has no command, `$ …`".to_string());
    }
    Ok(commands)
}

/// The lines of the listing with these commands and outputs.
pub fn listing(said: &[Said]) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    for Said { command, output, .. } in said {
        lines.extend(format!("$ {command}").lines().map(String::from));
        if let Some(line) =
            output.iter().find(|line| line.starts_with("$ ") || line.starts_with("```"))
        {
            return Err(format!("prints a line that can't stand in a listing: {line}"));
        }
        lines.extend_from_slice(output);
    }
    Ok(lines)
}

/// What is printed, in lines. The end of the last line does not count.
pub fn lines(printed: &str) -> Vec<String> {
    printed.lines().map(String::from).collect()
}

/// Where what is printed begins to differ from what is written.
pub fn difference(written: &[String], printed: &[String]) -> Option<(usize, String)> {
    let at =
        (0..written.len().max(printed.len())).find(|&at| written.get(at) != printed.get(at))?;
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or("(nothing more)".to_string());
    Some((at, format!("    written: {}\n    printed: {}", line(written), line(printed))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: [&str; 7] = ["$ a | b", "one", "", "$ c \\", "  d", "$ e", "two"];

    #[test]
    fn commands_have_their_outputs() {
        let said = commands(&BODY).expect("commands");
        let seen: Vec<_> =
            said.iter().map(|at| (at.line, at.command.as_str(), at.output.len())).collect();
        assert_eq!(seen, [(0, "a | b", 2), (3, "c \\\n  d", 0), (5, "e", 1)]);
        assert_eq!(listing(&said).expect("a listing"), BODY);
    }

    #[test]
    fn what_is_no_listing_is_told() {
        assert!(commands(&["a"]).is_err() && commands(&[]).is_err());
        let said =
            |line: &str| Said { line: 0, command: "a".to_string(), output: vec![line.to_string()] };
        assert!(listing(&[said("$ b")]).is_err() && listing(&[said("```")]).is_err());
    }

    #[test]
    fn a_difference_is_found() {
        let lines = |text: &str| lines(text);
        assert_eq!(difference(&lines("a\nb"), &lines("a\nb\n")), None);
        for (written, printed, at) in
            [("a", "b", 0), ("a\nb", "a", 1), ("a", "a\nb", 1), ("a ", "a", 0), ("a\n\n", "a\n", 1)]
        {
            let (line, told) = difference(&lines(written), &lines(printed)).expect("they differ");
            assert_eq!(line, at, "{told}");
        }
    }
}
