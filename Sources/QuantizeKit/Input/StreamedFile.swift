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

  /// Opens a file; `nil` for standard input, devices and pipes.
  ///
  /// - Parameter location: Where it is.
  /// - Throws: `QuantizeError.unreadable`.
  init?(_ location: FileLocation) throws(QuantizeError) {
    guard let path = location.path else { return nil }
    do {
      let opened = try FileDescriptor.open(
        path, .readOnly, options: [.closeOnExec, .nonBlocking])
      let status: Stat
      do {
        status = try opened.stat()
        guard status.type != .directory else { throw Errno.isDirectory }
      } catch {
        try? opened.close()
        throw error
      }
      guard status.type == .regular else {
        try? opened.close()
        return nil
      }
      self.location = location
      state = FileState(status)
      bytes = state.bytes
      descriptor = opened
    } catch {
      throw .unreadable(location, reason: InputFile.reason(for: error))
    }
  }

  deinit { try? descriptor.close() }

  /// Looks at the header.
  ///
  /// - Parameter options: The limits, and whether the file may be too short.
  /// - Returns: Size, memory, and obstacles.
  /// - Throws: `QuantizeError.decode` or `.inputTooLarge`.
  func survey(
    _ options: DecodeOptions
  ) throws(QuantizeError) -> ImageStream.Survey {
    let bound = InputBound.image(options.limits)
    guard bytes <= bound.bytes || !bound.holdsForFiles else {
      throw .inputTooLarge(location, maximumBytes: bound.bytes)
    }
    do {
      return try ImageStream.Survey(
        descriptor: descriptor.rawValue, limits: options.limits,
        page: options.page, keepsGoing: options.keepsGoing)
    } catch {
      throw .decode(location, error)
    }
  }

  /// Starts to read the image.
  ///
  /// - Parameter options: The space of the samples, the limits and the threads.
  /// - Returns: The first pass or another one.
  /// - Throws: `QuantizeError.decode`.
  func pass(_ options: DecodeOptions) throws(QuantizeError) -> ImageStream {
    do {
      return try ImageStream(
        descriptor: descriptor.rawValue, into: options.target,
        limits: options.limits, page: options.page,
        threads: options.threads)
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
