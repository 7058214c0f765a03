//! How a role takes memory.

/// Has memory come in small pages, whatever the system likes best. The allocator asks for room ahead, and a role that does
/// little would hold 10 to 20 MB of it for nothing where that comes as huge pages. Programs that the role starts inherit
/// it.
pub(super) fn in_small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_thp_disable(true) {
        tracing::debug!(%error, "huge pages stay as the system has them");
    }
}
