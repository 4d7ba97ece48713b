import CImageShims

/// Finds the array of an image in an archive of NumPy (.npz): a ZIP file
/// (APPNOTE.TXT 6.3) whose members are .npy files, stored or deflated.
enum NumPyArchive {
  /// Names by which programs call the array of an image, the first is taken.
  private static let names = ["image", "data", "arr_0", "x", "X"]

  /// Reads the array.
  ///
  /// - Throws: `DecodeError`.
  static func file(
    _ bytes: UnsafeBufferPointer<UInt8>, _ pages: PageSelection,
    _ limits: DecodeLimits
  ) throws(DecodeError) -> ChannelFile {
    let members = try ZipDirectory.members(of: bytes).filter {
      $0.name.hasSuffix(".npy")
    }
    guard !members.isEmpty else {
      throw .unsupported(
        what: "a ZIP file without .npy arrays",
        remedy: "give the image in it")
    }
    let chosen =
      names.lazy.compactMap { name in
        members.first { $0.name == "\(name).npy" }
      }.first ?? (members.count == 1 ? members.first : nil)
    guard let chosen else {
      throw .unsupported(
        what: "an archive of \(members.count) arrays",
        remedy: "save the one of the image alone, or call it image")
    }
    // An array is no larger than what may be asked for, with its header.
    let most = limits.pixels.multipliedReportingOverflow(by: 8 * 1_024)
    guard most.overflow || chosen.size <= most.partialValue,
      qz_can_allocate(chosen.size) != 0
    else { throw .outOfMemory(bytes: chosen.size) }
    let array = try chosen.read(from: bytes)
    return try array.withUnsafeBufferPointer {
      buffer throws(DecodeError) -> ChannelFile in
      guard buffer.starts(with: [0x93] + Array("NUMPY".utf8)) else {
        throw .damagedArray("\(chosen.name) is no array")
      }
      return try NumPyReader(buffer).file(pages, limits)
    }
  }
}
