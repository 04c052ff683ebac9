//! Landlock (landlock(7)): files out of reach, without a namespace.

use std::path::{Path, PathBuf};

use anyhow::Result;
use landlock::{
    ABI, Access as _, AccessFs, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _,
    RulesetCreatedAttr as _, RulesetStatus, Scope, path_beneath_rules,
};

use super::Plan;

/// What every program reads. Not all of `/etc`: there, passwords and keys stand beside the rest.
const SYSTEM: [&str; 19] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
    "/dev/urandom",
    "/dev/null",
    "/dev/zero",
    "/nix/store",
    "/gnu/store",
];

/// From here on this process reads and writes only what the plan names, and sends signals to nobody
/// outside. For good, and for all that it starts.
pub fn restrict(plan: &Plan) -> Result<()> {
    let abi = ABI::V6;
    let read: Vec<PathBuf> = SYSTEM
        .iter()
        .map(PathBuf::from)
        .chain(plan.read.iter().cloned())
        .chain([plan.program.clone()])
        // An answer gets none of it: there it could read the memory of the check that judges it.
        .chain(plan.tools.then(|| "/proc".into()))
        .filter(|path| path.exists())
        .collect();
    let write: Vec<&Path> = [Path::new("/dev/null"), &plan.folder]
        .into_iter()
        .chain(plan.write.iter().map(PathBuf::as_path))
        .collect();
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules(read, AccessFs::from_read(abi)))?
        .add_rules(path_beneath_rules(write, AccessFs::from_all(abi)))?
        .restrict_self()?;
    if status.ruleset == RulesetStatus::NotEnforced {
        anyhow::bail!("this kernel has no Landlock");
    }
    Ok(())
}
