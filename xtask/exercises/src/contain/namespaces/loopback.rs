//! The loopback interface of a new network is down. This brings it up, by a message to the kernel
//! (rtnetlink(7)): all other interfaces are those of the machine, and are not there.

use std::os::fd::AsRawFd as _;

use anyhow::{Result, bail};
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, recv, sendto, socket,
};

/// `RTM_NEWLINK`: set what an interface is.
const NEW_LINK: u16 = 16;
/// `NLM_F_REQUEST | NLM_F_ACK`: a request, and we want an answer.
const REQUEST_WITH_ANSWER: u16 = 1 | 4;
/// `NLMSG_ERROR`: the answer, with 0 for success.
const ANSWER: u16 = 2;
/// `IFF_UP`.
const UP: u32 = 1;

/// Brings `lo` up.
pub fn up() -> Result<()> {
    let index = nix::net::if_::if_nametoindex("lo")?;
    // struct nlmsghdr: length, type, flags, sequence number, port; then struct ifinfomsg: family,
    // padding, type, index, flags, and which flags to change. In the machine's own octet order.
    let mut message = Vec::with_capacity(32);
    message.extend(32_u32.to_ne_bytes());
    message.extend(NEW_LINK.to_ne_bytes());
    message.extend(REQUEST_WITH_ANSWER.to_ne_bytes());
    message.extend([0; 8]);
    message.extend([0; 4]);
    message.extend(index.to_ne_bytes());
    message.extend(UP.to_ne_bytes());
    message.extend(UP.to_ne_bytes());

    let kernel = socket(
        AddressFamily::Netlink,
        SockType::Raw,
        SockFlag::SOCK_CLOEXEC,
        SockProtocol::NetlinkRoute,
    )?;
    let to = NetlinkAddr::new(0, 0);
    sendto(kernel.as_raw_fd(), &message, &to, MsgFlags::empty())?;
    let mut answer = [0; 256];
    let count = recv(kernel.as_raw_fd(), &mut answer, MsgFlags::empty())?;
    if count < 20 || answer[4..6] != ANSWER.to_ne_bytes() {
        bail!("the kernel gave an answer that is none");
    }
    let error = i32::from_ne_bytes([answer[16], answer[17], answer[18], answer[19]]);
    if error != 0 {
        bail!(std::io::Error::from_raw_os_error(-error));
    }
    Ok(())
}
