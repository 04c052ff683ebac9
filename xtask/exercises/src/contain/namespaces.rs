//! A world of its own, by Linux's namespaces (namespaces(7)): processes, network, files.
//!
//! An ordinary user gets them inside a user namespace; root needs none, and becomes nobody instead.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{Gid, Uid, chown, geteuid, pivot_root, setgroups, setresgid, setresuid};

use super::Plan;

mod loopback;
mod mounts;

/// The user that owns nothing.
const NOBODY: u32 = 65534;

/// So much memory may the files hold that the program writes where nothing is kept.
const SPACE: &str = "size=64m,nr_inodes=4096,mode=755";

/// The system's libraries.
const LIBRARIES: [&str; 8] = [
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
];

/// The system's programs, for the compiler's linker; and where some systems keep everything.
const TOOLS: [&str; 10] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/alternatives",
    "/nix/store",
    "/gnu/store",
];

/// What programs read at their start, or to get random numbers.
const ALWAYS: [&str; 7] = [
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/urandom",
    "/dev/random",
];

/// Leaves the machine's network, and its processes (the next child will be process 1 of new ones).
pub fn leave() -> Result<()> {
    let world = CloneFlags::CLONE_NEWNET | CloneFlags::CLONE_NEWPID | CloneFlags::CLONE_NEWIPC;
    if geteuid().is_root() {
        return unshare(world).context("no new namespaces, not even for root");
    }
    let (user, group) = (geteuid(), nix::unistd::getegid());
    unshare(world | CloneFlags::CLONE_NEWUSER).context("no new namespaces")?;
    fs::write("/proc/self/setgroups", "deny").context("setgroups")?;
    fs::write("/proc/self/uid_map", format!("0 {user} 1")).context("uid_map")?;
    fs::write("/proc/self/gid_map", format!("0 {group} 1")).context("gid_map")
}

/// Leaves the machine's files: the new root holds what the plan names, and nothing else. Then gives up
/// every right that was needed for it.
pub fn enclose(plan: &Plan) -> Result<()> {
    loopback::up().context("the loopback interface of the new network")?;
    unshare(CloneFlags::CLONE_NEWNS).context("no mounts of its own")?;
    let own_users = in_user_namespace();
    if own_users {
        // One more below this one, for the program itself: it must not make another.
        let _ = fs::write("/proc/sys/user/max_user_namespaces", "1");
    }
    let nothing = None::<&str>;
    mount(
        nothing,
        "/",
        nothing,
        MsFlags::MS_REC | MsFlags::MS_PRIVATE,
        nothing,
    )
    .context("private mounts")?;
    let root = super::new_root(plan);
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("tmpfs"), &root, Some("tmpfs"), flags, Some(SPACE)).context("a new root")?;

    let drop_user = !own_users && !plan.tools;
    let system: &[&str] = if plan.tools { &TOOLS } else { &LIBRARIES };
    for path in system.iter().chain(&ALWAYS) {
        mounts::show(&root, Path::new(path))?;
    }
    for path in plan.read.iter().chain([&plan.program]) {
        mounts::show(&root, path)?;
    }
    let folders = [Path::new("/tmp"), &plan.folder];
    for folder in folders {
        fs::create_dir_all(mounts::below(&root, folder))?;
    }
    let mut writable = Vec::new();
    for path in &plan.write {
        mounts::show(&root, path)?;
        writable.push(mounts::below(&root, path));
    }
    if drop_user {
        let made = folders.map(|folder| mounts::below(&root, folder));
        for path in writable.iter().chain(&made).chain([&plan.program]) {
            chown(
                path,
                Some(Uid::from_raw(NOBODY)),
                Some(Gid::from_raw(NOBODY)),
            )
            .with_context(|| format!("cannot give {} away", path.display()))?;
        }
    }
    names(&root)?;
    if plan.tools {
        // The compiler and its linker look there for their own place. An answer gets none: through
        // `/proc/self/mem` it could read and change the check that judges it.
        let at = root.join("proc");
        fs::create_dir_all(&at)?;
        mount(Some("proc"), &at, Some("proc"), flags, nothing).context("its processes' files")?;
    }
    mounts::protect(&root, &writable)?;

    std::env::set_current_dir(&root)?;
    pivot_root(".", ".").context("the new root")?;
    umount2(".", MntFlags::MNT_DETACH).context("the old root")?;
    std::env::set_current_dir("/")?;

    if drop_user {
        setgroups(&[]).context("groups")?;
        let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
        setresgid(group, group, group).context("group")?;
        setresuid(user, user, user).context("user")?;
    }
    if !plan.tools {
        // In a namespace where it is nobody at all, the program has no right over the ones above, and
        // its processes are counted for themselves. Where it is refused, the rest still holds.
        let _ = unshare(CloneFlags::CLONE_NEWUSER);
    }
    Ok(())
}

/// Are we root of a user namespace, and not of the machine?
fn in_user_namespace() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let count = map.split_whitespace().nth(2);
    count.is_some_and(|count| count == "1")
}

/// Names that resolve without any server.
fn names(root: &Path) -> Result<()> {
    let etc = root.join("etc");
    fs::create_dir_all(&etc)?;
    fs::write(etc.join("hosts"), "127.0.0.1 localhost\n::1 localhost\n")?;
    fs::write(etc.join("nsswitch.conf"), "hosts: files\n")?;
    Ok(())
}

/// Creates a file or folder to mount something on.
fn mount_point(at: &PathBuf, like: &Path) -> Result<()> {
    let context = || format!("cannot create {}", at.display());
    if like.is_dir() {
        return fs::create_dir_all(at).with_context(context);
    }
    if let Some(parent) = at.parent() {
        fs::create_dir_all(parent).with_context(context)?;
    }
    File::create(at).with_context(context)?;
    Ok(())
}
