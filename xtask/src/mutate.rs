//! `cargo xtask mutate`: plants one mistake after the other and requires that the tests notice.
//!
//! A patch in `tests/mutations` begins with a sentence about the mistake and a line `Stages: NAME…`. It is applied to a
//! scratch copy of the work tree, which keeps its build directory from one mutation to the next.

use crate::process::{Failure, output, run, target_directory};
use crate::{lint, root, setup};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime};

pub(crate) const HELP: &str = "\
Usage: cargo xtask mutate [NAME…]

Applies each patch of tests/mutations (or those named, without `.patch`) to a copy of the work tree in target/mutations, runs
the test stages named in it there, and requires that one of them fails; without a patch they must pass. Takes minutes for each patch: the compiler is
compiled again. The copy's first build takes as long as any first build.
";

struct Mutation {
    name: String,
    path: PathBuf,
    stages: Vec<String>,
}

/// What became of a mutation.
enum Fate {
    /// This stage failed.
    Noticed(String),
    Survived,
    /// The patch does not fit any more, or what it makes does not compile.
    Broken(String),
}

pub(crate) fn mutate(names: &[String]) -> Result<(), Failure> {
    let mutations = mutations(names)?;
    setup::setup()?;
    let copy = target_directory().join("mutations/tree");
    refresh(&copy)?;
    let stages: BTreeSet<&str> = mutations.iter().flat_map(|mutation| &mutation.stages).map(String::as_str).collect();
    for stage in stages {
        if !cargo_in(&copy, &["xtask", "test", stage])? {
            return Err(Failure::new(format!("the stage {stage} fails without any mutation, so it can notice none")));
        }
    }
    let mut problems = 0;
    for mutation in &mutations {
        let start = Instant::now();
        refresh(&copy)?;
        let fate = try_out(mutation, &copy)?;
        let seconds = start.elapsed().as_secs();
        match fate {
            Fate::Noticed(stage) => println!("{}: noticed by {stage} ({seconds} s)", mutation.name),
            Fate::Survived => {
                println!("{}: SURVIVED {} ({seconds} s)", mutation.name, mutation.stages.join(", "));
                problems += 1;
            }
            Fate::Broken(why) => {
                println!("{}: cannot be tried: {why}", mutation.name);
                problems += 1;
            }
        }
    }
    println!("{} mutations, {problems} not noticed or not tried", mutations.len());
    if problems == 0 { Ok(()) } else { Err(Failure::new("a mutation that nothing notices is a missing test")) }
}

fn mutations(names: &[String]) -> Result<Vec<Mutation>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join("tests/mutations"))?.flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "patch") || !(names.is_empty() || names.contains(&name))
        {
            continue;
        }
        let stages = stages(&fs::read_to_string(&path)?)
            .ok_or_else(|| Failure::new(format!("{}: no line `Stages: NAME…`", path.display())))?;
        found.push(Mutation { name, path, stages });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    match names.iter().find(|name| !found.iter().any(|mutation| mutation.name == **name)) {
        Some(missing) => Err(Failure::new(format!("there is no tests/mutations/{missing}.patch\n\n{HELP}"))),
        None => Ok(found),
    }
}

fn stages(patch: &str) -> Option<Vec<String>> {
    let line = patch.lines().find_map(|line| line.strip_prefix("Stages:"))?;
    let stages: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    (!stages.is_empty()).then_some(stages)
}

/// Makes the copy equal to the work tree; files that are equal already keep their time stamps, so that cargo does not
/// compile them again.
fn refresh(copy: &Path) -> Result<(), Failure> {
    let files = lint::tracked_files()?;
    for file in &files {
        let (from, to) = (root().join(file), copy.join(file));
        let content = fs::read(&from)?;
        if fs::read(&to).is_ok_and(|old| old == content) {
            continue;
        }
        if let Some(directory) = to.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(&to, &content)?;
        fs::set_permissions(&to, fs::metadata(&from)?.permissions())?;
        fs::File::options().append(true).open(&to)?.set_modified(SystemTime::now())?;
    }
    // The repository's own rules ask git for the list of files.
    if !copy.join(".git").exists() {
        run(Command::new("git").current_dir(copy).args(["init", "--quiet"]))?;
    }
    // What the work tree does not have any more.
    let present = output(Command::new("git").current_dir(copy).args(["ls-files", "--others", "--exclude-standard"]))?;
    for name in present.lines().filter(|name| !files.iter().any(|file| Path::new(file) == Path::new(name))) {
        fs::remove_file(copy.join(name))?;
    }
    Ok(())
}

fn try_out(mutation: &Mutation, copy: &Path) -> Result<Fate, Failure> {
    let mut apply = Command::new("git");
    apply.current_dir(copy).args(["apply", "--recount", "-C1"]).arg(&mutation.path);
    if let Err(failure) = output(&mut apply) {
        return Ok(Fate::Broken(failure.to_string()));
    }
    let compiles = cargo_in(copy, &["build", "--quiet", "--package", "mochi", "--package", "mochi-opt"])?;
    if !compiles {
        return Ok(Fate::Broken("it does not compile".to_owned()));
    }
    for stage in &mutation.stages {
        if !cargo_in(copy, &["xtask", "test", stage])? {
            return Ok(Fate::Noticed(stage.clone()));
        }
    }
    Ok(Fate::Survived)
}

/// Runs cargo in the copy, with a build directory beside it; whether it succeeded.
fn cargo_in(copy: &Path, arguments: &[&str]) -> Result<bool, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", target_directory().join("mutations/target"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read_from_the_head_of_a_patch() {
        assert_eq!(
            stages("A mistake.\nStages: lit unit\n\n--- a/x\n"),
            Some(vec!["lit".to_owned(), "unit".to_owned()])
        );
        assert_eq!(stages("A mistake.\n"), None);
    }

    #[test]
    fn every_mutation_names_known_stages() {
        let Ok(all) = mutations(&[]) else { panic!("the patches are readable") };
        assert!(all.len() >= 10);
        for mutation in all {
            for stage in &mutation.stages {
                assert!(crate::test::is_stage(stage), "{}: no stage `{stage}`", mutation.name);
            }
        }
    }
}
