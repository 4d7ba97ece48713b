import ImageFormats
import SystemPackage

/// A file that is read more than once, and should be the same each time.
final class StreamedFile: Sendable {
  /// Where it is.
  let location: FileLocation

  /// Its size in bytes.
  let bytes: Int

  private let descriptor: FileDescriptor
  private let state: FileState

  /// Opens a file; `nil` for what is no regular file or cannot be opened, of
  /// which reading it at once says why.
  ///
  /// - Parameter location: Where it is.
  init?(_ location: FileLocation) {
    guard let path = location.path,
      let opened = try? FileDescriptor.open(
        path, .readOnly, options: [.closeOnExec, .nonBlocking])
    else { return nil }
    guard let status = try? opened.stat(), status.type == .regular else {
      try? opened.close()
      return nil
    }
    self.location = location
    state = FileState(status)
    bytes = state.bytes
    descriptor = opened
  }

  deinit { try? descriptor.close() }

  /// What the header tells.
  ///
  /// - Parameter options: The limits, and whether it may be too short.
  /// - Returns: Size, memory, and what stands in the way.
  /// - Throws: `QuantizeError.decode`.
  func survey(
    _ options: QuantizeOptions
  ) throws(QuantizeError) -> ImageStream.Survey {
    do {
      return try ImageStream.Survey(
        descriptor: descriptor.rawValue, limits: options.limits,
        keepsGoing: options.keepsGoing)
    } catch {
      throw .decode(location, error)
    }
  }

  /// Starts to read the image.
  ///
  /// - Parameter options: The space to give the samples in, and the threads.
  /// - Returns: The first pass or another one.
  /// - Throws: `QuantizeError.decode`.
  func pass(_ options: QuantizeOptions) throws(QuantizeError) -> ImageStream {
    do {
      return try ImageStream(
        descriptor: descriptor.rawValue, into: options.colorTarget,
        limits: options.limits, threads: options.threads)
    } catch {
      throw .decode(location, error)
    }
  }

  /// Refuses a file that was written to since it was opened.
  ///
  /// - Throws: `QuantizeError.inputChanged`.
  func checkUnchanged() throws(QuantizeError) {
    guard let now = try? descriptor.stat(), FileState(now) == state else {
      throw .inputChanged(location)
    }
  }
}
