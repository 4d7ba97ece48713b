import CLibrary
import SystemPackage

/// Asks a batch that watches folders to end.
public final class BatchStop: Sendable {
  /// Becomes readable once an end is asked for.
  let descriptor: FileDescriptor

  private let writer: FileDescriptor

  /// Nobody has asked yet.
  ///
  /// - Throws: `QuantizeError.inputOutput` where the system has no descriptor
  ///   left.
  public init() throws(QuantizeError) {
    do {
      (descriptor, writer) = try FileDescriptor.pipe()
    } catch {
      throw .inputOutput(
        .standardStream,
        reason: Errno.text(of: error))
    }
  }

  deinit {
    try? descriptor.close()
    try? writer.close()
  }

  /// Asks; images in work are finished, no others begun.
  public func request() {
    _ = try? writer.writeAll([0])
  }

  /// Whether an end was asked for.
  var isRequested: Bool {
    var request = pollfd(
      fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0
  }
}
