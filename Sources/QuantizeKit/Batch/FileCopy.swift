import CLibrary
import SystemPackage

/// Copies files.
enum FileCopy {
  /// Copies the bytes of a file; where the file system can, both share them.
  ///
  /// - Parameters:
  ///   - input: The file.
  ///   - output: Gets the bytes.
  /// - Throws: `QuantizeError.unreadable` or `.inputOutput`, and what `output`
  ///   throws.
  static func copy(
    _ input: FilePath, to output: OutputFile
  ) throws(QuantizeError) {
    try output.stage { path throws(QuantizeError) in
      guard !clone(input, to: path) else { return }
      let target: FileDescriptor
      do {
        target = try FileDescriptor.open(path, .writeOnly)
      } catch {
        throw .inputOutput(.file(path), reason: Errno.text(of: error))
      }
      defer { try? target.close() }
      var failure: (any Error)?
      try InputFile.forEachChunk(of: .file(input), bytes: 1 << 20) { bytes in
        guard failure == nil else { return }
        do {
          try target.writeAll(bytes)
        } catch {
          failure = error
        }
      }
      if let failure {
        throw .inputOutput(
          output.location,
          reason: "writing failed: \(Errno.text(of: failure))")
      }
    }
    try output.commit(revertible: false)
  }

  /// Lets a file share the bytes of another: FICLONE of ioctl_ficlone(2).
  ///
  /// - Returns: `false` where the file system cannot.
  private static func clone(_ input: FilePath, to output: FilePath) -> Bool {
    #if os(Linux)
      let ficlone: UInt = 0x4004_9409
      guard
        let source = try? FileDescriptor.open(input, .readOnly),
        let target = try? FileDescriptor.open(output, .writeOnly)
      else { return false }
      defer {
        try? source.close()
        try? target.close()
      }
      return ioctl(target.rawValue, ficlone, source.rawValue) == 0
    #else
      return false
    #endif
  }
}
