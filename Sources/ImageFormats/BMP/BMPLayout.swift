import Rasters

/// The headers of a BMP: those of OS/2 1.x and of Windows, versions 3 to 5
/// (Microsoft's documentation of bitmap headers, BITMAPCOREHEADER to
/// BITMAPV5HEADER).
struct BMPLayout {
  /// How pixels are stored.
  enum Coding: Equatable {
    /// Indices of so many bits.
    case palette(bits: Int)

    /// Runs of indices of 4 or 8 bits.
    case runs(bits: Int)

    /// Numbers of 16, 24 or 32 bits, a part of which is each of red, green, blue
    /// and alpha; an alpha without bits is none.
    case masks(bits: Int, [UInt32])
  }

  /// Width and height.
  let size: ImageSize

  /// Whether the lowest row is stored first.
  let isBottomUp: Bool

  /// How pixels are stored.
  let coding: Coding

  /// Red, green and blue of each index.
  let palette: [SIMD3<UInt8>]

  /// Where the pixels begin.
  let offset: Int

  /// Pixels in a metre, or `nil`.
  let density: PixelDensity?

  /// Where an ICC profile is.
  let profile: Range<Int>?

  /// Whether colours are those of a profile in another file.
  let hasLinkedProfile: Bool

  /// The bytes of a row that is not coded as runs.
  var rowBytes: Int { (size.width * bits + 31) / 32 * 4 }

  /// The bytes of a row without those that fill it up.
  var leastRowBytes: Int { (size.width * bits + 7) / 8 }

  /// The bits of a pixel.
  var bits: Int {
    switch coding {
    case .palette(let bits), .runs(let bits), .masks(let bits, _): bits
    }
  }

  /// The masks of samples with more than 8 bits need 16.
  var sampleBytes: Int {
    guard case .masks(_, let masks) = coding else { return 1 }
    return masks.contains { $0.nonzeroBitCount > 8 } ? 2 : 1
  }

  /// Whether there is alpha.
  var hasAlpha: Bool {
    guard case .masks(_, let masks) = coding else { return false }
    return masks[3] != 0
  }

  /// Reads the headers.
  ///
  /// - Throws: `DecodeError.damaged` or `.unsupported`.
  init(_ bytes: ImageBytes) throws(DecodeError) {
    func damage(_ reason: String) -> DecodeError {
      .damaged(format: .bmp, reason: reason)
    }
    let start = bytes.bytes(14 + 124)
    func number(_ place: Int, _ count: Int) -> Int {
      guard place + count <= start.count else { return 0 }
      return (0..<count).reduce(0) { $0 | Int(start[place + $1]) << (8 * $1) }
    }
    func signed(_ place: Int) -> Int {
      Int(Int32(truncatingIfNeeded: number(place, 4)))
    }
    let length = number(14, 4)
    guard start.count >= 14 + length else {
      throw damage("it has no whole header")
    }
    let isCore = length == 12
    let width = isCore ? number(18, 2) : signed(18)
    let height = isCore ? number(20, 2) : signed(22)
    guard width > 0, height != 0,
      let size = ImageSize(width: width, height: abs(height))
    else { throw damage("it has no width or height") }
    self.size = size
    isBottomUp = height > 0
    let bits = number(isCore ? 24 : 28, 2)
    let compression = isCore ? 0 : number(30, 4)
    let masksFollow = length == 40 && (compression == 3 || compression == 6)
    let maskCount = compression == 6 || length >= 56 ? 4 : 3
    let tables = 14 + length + (masksFollow ? 4 * maskCount : 0)

    switch (compression, bits) {
    case (0, 1), (0, 2), (0, 4), (0, 8): coding = .palette(bits: bits)
    case (1, 8), (2, 4): coding = .runs(bits: bits)
    case (0, 16):
      coding = .masks(bits: bits, [0x7c00, 0x03e0, 0x001f, 0])
    case (0, 24), (0, 32):
      coding = .masks(bits: bits, [0xff_0000, 0xff00, 0xff, 0])
    case (3, 16), (3, 32), (6, 16), (6, 32):
      var masks = (0..<maskCount).map { UInt32(number(54 + 4 * $0, 4)) }
      if maskCount == 3 { masks.append(0) }
      guard Self.areMasks(masks, bits: bits) else {
        throw damage("masks that cannot be")
      }
      coding = .masks(bits: bits, masks)
    case (4, _) where length != 64, (5, _):
      throw .unsupported(
        what: "a BMP with a \(compression == 4 ? "JPEG" : "PNG") in it",
        remedy: "convert it first: `magick in.bmp out.png`")
    default:
      throw .unsupported(
        what: "a BMP of \(bits) bits and compression \(compression)",
        remedy: "convert it first: `magick in.bmp out.png`")
    }

    let stated = number(10, 4)
    let isIndexed = bits <= 8
    let used = isCore || !isIndexed ? 0 : number(46, 4)
    let most = isIndexed ? 1 << bits : 0
    let entryBytes = isCore ? 3 : 4
    var colors = used == 0 ? most : min(used, most)
    // Some tables end where the pixels begin.
    if stated > tables { colors = min(colors, (stated - tables) / entryBytes) }
    offset = stated > tables ? stated : tables + colors * entryBytes
    let table = bytes.bytes(colors * entryBytes, at: tables)
    guard table.count == colors * entryBytes, !isIndexed || colors > 0 else {
      throw damage("it has no whole palette")
    }
    palette = (0..<colors).map {
      let i = $0 * entryBytes
      return SIMD3(table[i + 2], table[i + 1], table[i])
    }

    let (horizontal, vertical) =
      isCore ? (0, 0) : (signed(38), signed(42))
    density =
      horizontal > 0 && vertical > 0
      ? PixelDensity(
        horizontal: UInt32(horizontal), vertical: UInt32(vertical),
        unit: .meter) : nil
    let kind = length >= 124 ? number(70, 4) : 0
    let (from, count) = (14 + number(126, 4), number(130, 4))
    profile = kind == 0x4d42_4544 && count > 0 ? from..<from + count : nil
    hasLinkedProfile = kind == 0x4c49_4e4b
  }

  /// Whether each mask is one run of bits within a pixel, and no two share any.
  private static func areMasks(_ masks: [UInt32], bits: Int) -> Bool {
    var seen: UInt32 = bits == 16 ? 0xffff_0000 : 0
    for mask in masks {
      let run = mask >> (mask == 0 ? 0 : UInt32(mask.trailingZeroBitCount))
      guard mask & seen == 0, run & (run &+ 1) == 0 else { return false }
      seen |= mask
    }
    return masks[0] | masks[1] | masks[2] != 0
  }
}
