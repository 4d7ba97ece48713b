import CLibrary
import SystemPackage

/// Which file or folder a name stands for, whatever its name is.
struct FileIdentity: Hashable, Sendable {
  private let device: DeviceID
  private let inode: Inode

  /// That of what the system described.
  init(_ status: Stat) {
    device = status.deviceID
    inode = status.inode
  }
}
