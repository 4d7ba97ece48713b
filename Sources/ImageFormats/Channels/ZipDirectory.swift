import CDeflate

/// The members of a ZIP file (APPNOTE.TXT 6.3, with the 64-bit fields of 4.5.3).
enum ZipDirectory {
  /// A file in the archive.
  struct Member {
    /// Its name.
    let name: String

    /// 0 stored, 8 deflated.
    let method: UInt16

    /// Bytes as they are in the archive.
    let storedSize: Int

    /// Bytes of the file.
    let size: Int

    /// Where its own header is.
    let offset: Int

    /// CRC-32 of the file.
    let checksum: UInt32
  }

  /// Reads the central directory.
  ///
  /// - Throws: `DecodeError.damagedArray`.
  static func members(
    of bytes: UnsafeBufferPointer<UInt8>
  ) throws(DecodeError) -> [Member] {
    let reader = Reader(bytes: bytes)
    guard let end = reader.endRecord() else {
      throw .damagedArray("the archive has no directory; it may be cut off")
    }
    var count = Int(reader.short(end + 10) ?? 0)
    var place = Int(reader.long(end + 16) ?? 0)
    if place == 0xffff_ffff || count == 0xffff, end >= 20,
      reader.long(end - 20) == 0x0706_4b50,
      let wide = reader.wide(end - 12),
      reader.long(wide) == 0x0606_4b50,
      let wideCount = reader.wide(wide + 32),
      let widePlace = reader.wide(wide + 48)
    {
      (count, place) = (wideCount, widePlace)
    }
    var members: [Member] = []
    for _ in 0..<min(count, bytes.count / 46) {
      guard reader.long(place) == 0x0201_4b50,
        let member = reader.member(place)
      else { throw .damagedArray("the directory of the archive is cut off") }
      members.append(member.member)
      place = member.next
    }
    return members
  }

  /// Reads numbers, the lowest byte first; `nil` behind the end.
  struct Reader {
    let bytes: UnsafeBufferPointer<UInt8>

    func short(_ place: Int) -> UInt16? {
      number(place, 2).map { UInt16(truncatingIfNeeded: $0) }
    }

    func long(_ place: Int) -> UInt32? {
      number(place, 4).map { UInt32(truncatingIfNeeded: $0) }
    }

    /// A number of 64 bits that is a place or size in the file.
    func wide(_ place: Int) -> Int? {
      number(place, 8).flatMap { Int(exactly: $0) }
    }

    private func number(_ place: Int, _ count: Int) -> UInt64? {
      guard place >= 0, place <= bytes.count - count else { return nil }
      return (0..<count).reduce(0) { sum, i in
        sum | UInt64(bytes[place + i]) << (8 * UInt64(i))
      }
    }

    /// Where the record at the end of the directory is.
    func endRecord() -> Int? {
      let first = max(0, bytes.count - 22 - 65_535)
      return stride(from: bytes.count - 22, through: first, by: -1)
        .first { long($0) == 0x0605_4b50 }
    }

    /// The member whose entry in the directory begins somewhere, and where the
    /// next begins.
    func member(_ place: Int) -> (member: Member, next: Int)? {
      guard let method = short(place + 10), let stored = long(place + 20),
        let size = long(place + 24), let checksum = long(place + 16),
        let nameLength = short(place + 28),
        let extraLength = short(place + 30),
        let commentLength = short(place + 32), let offset = long(place + 42)
      else { return nil }
      let nameStart = place + 46
      let extraStart = nameStart + Int(nameLength)
      let next = extraStart + Int(extraLength) + Int(commentLength)
      guard next <= bytes.count else { return nil }
      var sizes = [Int(size), Int(stored), Int(offset)]
      // Those of 32 bits that are full stand in 64 in the extra field 1.
      var extra = extraStart
      while let id = short(extra), let length = short(extra + 2),
        extra + 4 + Int(length) <= extraStart + Int(extraLength)
      {
        if id == 1 {
          var field = extra + 4
          for i in sizes.indices where sizes[i] == 0xffff_ffff {
            guard let value = wide(field), value >= 0 else { return nil }
            sizes[i] = value
            field += 8
          }
        }
        extra += 4 + Int(length)
      }
      let name = String(
        decoding: bytes[nameStart..<extraStart], as: UTF8.self)
      return (
        Member(
          name: name, method: method, storedSize: sizes[1], size: sizes[0],
          offset: sizes[2], checksum: checksum), next
      )
    }
  }
}

extension ZipDirectory.Member {
  /// The bytes of the file.
  ///
  /// - Throws: `DecodeError.damagedArray` or `.unsupported`.
  func read(
    from bytes: UnsafeBufferPointer<UInt8>
  ) throws(DecodeError) -> [UInt8] {
    let reader = ZipDirectory.Reader(bytes: bytes)
    guard offset >= 0, offset < bytes.count,
      reader.long(offset) == 0x0403_4b50,
      let nameLength = reader.short(offset + 26),
      let extraLength = reader.short(offset + 28)
    else { throw .damagedArray("\(name) is not where the archive says") }
    let start = offset + 30 + Int(nameLength) + Int(extraLength)
    guard storedSize >= 0, start <= bytes.count,
      storedSize <= bytes.count - start
    else { throw .damagedArray("\(name) is cut off") }
    let stored = UnsafeBufferPointer(
      rebasing: bytes[start..<start + storedSize])
    let file = try unpacked(stored)
    let checksum = file.withUnsafeBufferPointer {
      libdeflate_crc32(0, $0.baseAddress, $0.count)
    }
    guard file.isEmpty || checksum == self.checksum else {
      throw .damagedArray("the checksum of \(name) is wrong")
    }
    return file
  }

  private func unpacked(
    _ stored: UnsafeBufferPointer<UInt8>
  ) throws(DecodeError) -> [UInt8] {
    switch method {
    case 0:
      return Array(stored)
    case 8:
      guard let decompressor = libdeflate_alloc_decompressor() else {
        throw .outOfMemory(bytes: size)
      }
      defer { libdeflate_free_decompressor(decompressor) }
      var isWhole = false
      let result = [UInt8](unsafeUninitializedCapacity: size) { room, filled in
        var count = 0
        isWhole =
          libdeflate_deflate_decompress(
            decompressor, stored.baseAddress, stored.count, room.baseAddress,
            size, &count) == LIBDEFLATE_SUCCESS
        filled = isWhole ? count : 0
      }
      guard isWhole else { throw .damagedArray("\(name) cannot be inflated") }
      return result
    default:
      throw .unsupported(
        what: "an archive of compression \(method)",
        remedy: "save it with numpy.savez")
    }
  }
}
