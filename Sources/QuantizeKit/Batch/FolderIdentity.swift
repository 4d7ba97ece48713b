import CLibrary
import SystemPackage

/// Tells whether a name still means the same folder: another one may have been
/// moved or mounted to its place.
struct FolderIdentity: Hashable, Sendable {
  private let device: DeviceID
  private let inode: Inode

  /// That of what the system described.
  init(_ status: Stat) {
    device = status.deviceID
    inode = status.inode
  }
}
