import CLibrary
import SystemPackage

/// Parts of files that are made side by side and written one after the other: a file
/// without a name, which is gone when the process ends.
struct ScratchFile: ~Copyable {
  private let descriptor: FileDescriptor
  private var count: Int64 = 0

  /// The parts, and where each has its bytes.
  private var parts: [[Range<Int64>]]

  /// Creates it.
  ///
  /// - Parameters:
  ///   - path: The file that the parts are for, on whose disk there is room.
  ///   - parts: How many there are.
  /// - Throws: `SoftFormatError.inputOutput`.
  init(beside path: FilePath, parts: Int) throws(SoftFormatError) {
    var scratch = path
    scratch.removeLastComponent()
    // The output's own temporary name, which is nobody else's.
    scratch.append((path.lastComponent?.string ?? "") + "-parts")
    do {
      descriptor = try FileDescriptor.open(
        scratch, .readWrite,
        options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o600))
    } catch {
      throw SoftFormatError(error)
    }
    self.parts = [[Range<Int64>]](repeating: [], count: parts)
    _ = scratch.withPlatformString { unlink($0) }
  }

  deinit { try? descriptor.close() }

  /// Adds bytes to a part.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func append(
    _ bytes: [UInt8], to part: Int
  ) throws(SoftFormatError) {
    guard !bytes.isEmpty else { return }
    do {
      _ = try descriptor.writeAll(toAbsoluteOffset: count, bytes)
    } catch {
      throw SoftFormatError(error)
    }
    parts[part].append(count..<count + Int64(bytes.count))
    count += Int64(bytes.count)
  }

  /// The bytes of a part.
  func size(of part: Int) -> Int64 {
    parts[part].reduce(0) { $0 + Int64($1.count) }
  }

  /// The number of pieces in which a part was added.
  func pieces(of part: Int) -> Int { parts[part].count }

  /// Reads a piece of a part.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  func piece(_ piece: Int, of part: Int) throws(SoftFormatError) -> [UInt8] {
    let range = parts[part][piece]
    var bytes = [UInt8](repeating: 0, count: range.count)
    do {
      let read = try bytes.withUnsafeMutableBytes { room in
        var read = 0
        while read < room.count {
          let more = try descriptor.read(
            fromAbsoluteOffset: range.lowerBound + Int64(read),
            into: UnsafeMutableRawBufferPointer(rebasing: room[read...]))
          guard more > 0 else { break }
          read += more
        }
        return read
      }
      guard read == bytes.count else { throw Errno.ioError }
    } catch {
      throw SoftFormatError(error)
    }
    return bytes
  }
}
