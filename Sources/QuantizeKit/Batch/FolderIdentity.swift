import CLibrary
import SystemPackage

/// Which folder a name stands for now.
struct FolderIdentity: Hashable, Sendable {
  private let device: DeviceID
  private let inode: Inode

  /// That of what the system described.
  init(_ status: Stat) {
    device = status.deviceID
    inode = status.inode
  }
}
