import CDeflate
package import SystemPackage

/// A ZIP archive (PKWARE APPNOTE 6.3.10) whose entries are stored as they are,
/// in the order in which they are written, without times.
///
/// Sizes beyond 4 GB are written as ZIP64.
package struct ZipWriter: ~Copyable {
  private struct Entry {
    let name: [UInt8]
    let offset: Int64
    let size: Int64
    let checksum: UInt32
    let isLarge: Bool
  }

  private var file: FileWriter
  private var entries: [Entry] = []

  /// The entry that is being written.
  private var name: [UInt8] = []
  private var start: Int64 = 0
  private var left: Int64 = 0
  private var size: Int64 = 0
  private var checksum: UInt32 = 0

  /// The largest size that needs no ZIP64.
  private static let mostSmall: Int64 = 0xffff_fffe

  /// 1 January 1980, the least that can be said.
  private static let date: UInt16 = 1 << 5 | 1

  /// Begins an archive.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  package init(_ path: FilePath) throws(SoftFormatError) {
    file = try FileWriter(path)
  }

  /// Writes a whole entry.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  package mutating func add(
    _ name: String, _ bytes: [UInt8]
  ) throws(SoftFormatError) {
    try begin(name, size: Int64(bytes.count))
    try write(bytes)
    try end()
  }

  /// Writes a whole entry whose bytes are a part of a scratch file.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func add(
    _ name: String, part: Int, of scratch: borrowing ScratchFile
  ) throws(SoftFormatError) {
    try begin(name, size: scratch.size(of: part))
    for piece in 0..<scratch.pieces(of: part) {
      try write(try scratch.piece(piece, of: part))
    }
    try end()
  }

  /// Begins an entry.
  ///
  /// - Parameters:
  ///   - name: Its path in the archive.
  ///   - size: The bytes that will be written.
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func begin(
    _ name: String, size: Int64
  ) throws(SoftFormatError) {
    precondition(left == 0)
    self.name = Array(name.utf8)
    self.size = size
    start = file.count
    left = size
    checksum = 0
    let isLarge = size > Self.mostSmall
    var header: [UInt8] = []
    header.append(littleEndian: 0x0403_4b50 as UInt32)
    header += Self.common(
      checksum: 0, size: size, isLarge: isLarge, name: self.name.count)
    header.append(littleEndian: UInt16(isLarge ? 20 : 0))
    header += self.name
    if isLarge {
      header.append(littleEndian: 1 as UInt16)
      header.append(littleEndian: 16 as UInt16)
      header.append(littleEndian: size)
      header.append(littleEndian: size)
    }
    try file.write(header)
  }

  /// Writes the next bytes of the entry.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func write(_ bytes: [UInt8]) throws(SoftFormatError) {
    left -= Int64(bytes.count)
    precondition(left >= 0)
    checksum = libdeflate_crc32(checksum, bytes, bytes.count)
    try file.write(bytes)
  }

  /// Ends the entry.
  ///
  /// - Precondition: As many bytes were written as it was to have.
  /// - Throws: `SoftFormatError.inputOutput`.
  mutating func end() throws(SoftFormatError) {
    precondition(left == 0)
    var bytes: [UInt8] = []
    bytes.append(littleEndian: checksum)
    try file.replace(at: start + 14, bytes)
    entries.append(
      Entry(
        name: name, offset: start, size: size, checksum: checksum,
        isLarge: size > Self.mostSmall || start > Self.mostSmall))
  }

  /// Ends the archive.
  ///
  /// - Throws: `SoftFormatError.inputOutput`.
  package mutating func finish() throws(SoftFormatError) {
    let directory = file.count
    for entry in entries { try file.write(Self.record(of: entry)) }
    let end = file.count
    let isLarge =
      entries.contains(where: \.isLarge) || end > Self.mostSmall
      || entries.count >= 0xffff
    var bytes: [UInt8] = []
    if isLarge {
      bytes.append(littleEndian: 0x0606_4b50 as UInt32)
      bytes.append(littleEndian: 44 as UInt64)
      bytes.append(littleEndian: 45 as UInt16)
      bytes.append(littleEndian: 45 as UInt16)
      bytes.append(littleEndian: 0 as UInt64)
      bytes.append(littleEndian: UInt64(entries.count))
      bytes.append(littleEndian: UInt64(entries.count))
      bytes.append(littleEndian: end - directory)
      bytes.append(littleEndian: directory)
      bytes.append(littleEndian: 0x0706_4b50 as UInt32)
      bytes.append(littleEndian: 0 as UInt32)
      bytes.append(littleEndian: end)
      bytes.append(littleEndian: 1 as UInt32)
    }
    bytes.append(littleEndian: 0x0605_4b50 as UInt32)
    bytes.append(littleEndian: 0 as UInt32)
    let count = isLarge ? 0xffff : UInt16(truncatingIfNeeded: entries.count)
    bytes.append(littleEndian: count)
    bytes.append(littleEndian: count)
    bytes.append(
      littleEndian: isLarge
        ? UInt32.max : UInt32(truncatingIfNeeded: end - directory))
    bytes.append(
      littleEndian: isLarge
        ? UInt32.max : UInt32(truncatingIfNeeded: directory))
    bytes.append(littleEndian: 0 as UInt16)
    try file.write(bytes)
    try file.finish()
  }

  /// What the two headers of an entry share.
  private static func common(
    checksum: UInt32, size: Int64, isLarge: Bool, name: Int
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt16(isLarge ? 45 : 20))
    // Names are UTF-8; nothing is compressed.
    bytes.append(littleEndian: 0x0800 as UInt16)
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: date)
    bytes.append(littleEndian: checksum)
    let small = isLarge ? UInt32.max : UInt32(truncatingIfNeeded: size)
    bytes.append(littleEndian: small)
    bytes.append(littleEndian: small)
    bytes.append(littleEndian: UInt16(truncatingIfNeeded: name))
    return bytes
  }

  /// An entry of the central directory.
  private static func record(of entry: Entry) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: 0x0201_4b50 as UInt32)
    // Made by: permissions as Unix has them.
    bytes.append(littleEndian: UInt16(3 << 8 | 45))
    bytes += common(
      checksum: entry.checksum, size: entry.size, isLarge: entry.isLarge,
      name: entry.name.count)
    bytes.append(littleEndian: UInt16(entry.isLarge ? 28 : 0))
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: 0 as UInt16)
    bytes.append(littleEndian: UInt32(0o100644) << 16)
    bytes.append(
      littleEndian: entry.isLarge
        ? UInt32.max : UInt32(truncatingIfNeeded: entry.offset))
    bytes += entry.name
    if entry.isLarge {
      bytes.append(littleEndian: 1 as UInt16)
      bytes.append(littleEndian: 24 as UInt16)
      bytes.append(littleEndian: entry.size)
      bytes.append(littleEndian: entry.size)
      bytes.append(littleEndian: entry.offset)
    }
    return bytes
  }
}
