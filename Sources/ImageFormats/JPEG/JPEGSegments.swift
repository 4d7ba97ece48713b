/// What stands in a JPEG before its first scan, found without decoding.
struct JPEGSegments {
  /// The lowest byte of the frame's marker, 0xc0 to 0xcf: which process coded
  /// the image.
  private(set) var frameMarker: UInt8?

  /// Bits a sample.
  private(set) var precision = 0

  /// Where in the file the height of the image stands, two bytes.
  private(set) var heightOffset: Int?

  /// The number of components.
  private(set) var components = 0

  /// Exif, XMP and the density of JFIF, of each the first.
  private(set) var annotations = Annotations()

  /// Whether the first scan was reached.
  private(set) var isComplete = false

  /// The parts of the ICC profile: number, count of parts, bytes.
  private var profileParts: [(number: Int, count: Int, bytes: [UInt8])] = []

  /// Walks the segments. Stray bytes between them are passed over as libjpeg
  /// does; what is broken ends the walk early, and it is for the decoder to
  /// complain.
  ///
  /// - Complexity: O(bytes before the first scan).
  init(_ bytes: [UInt8]) {
    var position = 2
    while position + 1 < bytes.count {
      let marker = bytes[position + 1]
      guard bytes[position] == 0xff, marker != 0, marker != 0xff else {
        position += 1
        continue
      }
      switch marker {
      case 0x01, 0xd0...0xd8:  // These have no length.
        position += 2
        continue
      case 0xd9, 0xda:
        isComplete = true
        return
      default:
        break
      }
      guard let length = bytes.number(at: position + 2, count: 2, .big),
        length >= 2, length <= bytes.count - position - 2
      else { return }
      take(
        marker, Array(bytes[position + 4..<position + 2 + length]),
        at: position + 4)
      position += 2 + length
    }
  }

  /// Walks the segments of a file, of which no more is read than has them.
  ///
  /// - Complexity: O(bytes before the first scan).
  init(in bytes: ImageBytes) {
    var count = 1 << 16
    while true {
      let start = bytes.bytes(count)
      let segments = JPEGSegments(start)
      guard !segments.isComplete, start.count == count,
        count < bytes.mostAtStart
      else {
        self = segments
        return
      }
      count *= 4
    }
  }

  /// Whether there is any part of an ICC profile.
  var hasProfile: Bool { !profileParts.isEmpty }

  /// The bytes of all parts of an ICC profile.
  private(set) var profileBytes = 0

  /// The ICC profile put together, or `nil` when parts are missing or do not
  /// agree.
  var profile: [UInt8]? {
    let sorted = profileParts.sorted { $0.number < $1.number }
    let isWhole = sorted.enumerated().allSatisfy { index, part in
      part.number == index + 1 && part.count == sorted.count
    }
    guard hasProfile, isWhole else { return nil }
    return sorted.flatMap { $0.bytes }
  }

  /// The error for a kind of frame that is not decoded, or `nil`.
  func frameRefusal() -> DecodeError? {
    guard let frameMarker else { return nil }
    switch frameMarker {
    case 0xc3, 0xcb: return refusal("a lossless JPEG")
    case 0xc5, 0xc6, 0xc7, 0xcd, 0xce, 0xcf:
      return refusal("a hierarchical JPEG")
    default: break
    }
    guard precision == 8 else {
      return refusal("a JPEG of \(precision) bits a sample")
    }
    switch components {
    case 1, 3, 4: return nil
    default: return refusal("a JPEG of \(components) colour components")
    }
  }

  private func refusal(_ what: String) -> DecodeError {
    .unsupported(
      what: what, remedy: "convert it first: `magick in.jpg out.png`")
  }

  /// The density of a JFIF segment: a unit, and two numbers of 16 bits. `nil`
  /// for a ratio of 1, which every JFIF file has that has nothing to say.
  private static func density(_ payload: [UInt8]) -> PixelDensity? {
    guard let unit = payload.number(at: 7, count: 1, .big),
      let horizontal = payload.number(at: 8, count: 2, .big),
      let vertical = payload.number(at: 10, count: 2, .big),
      horizontal > 0, vertical > 0,
      unit == 1 || unit == 2 || horizontal != vertical
    else { return nil }
    // Inches are 0.0254 m, centimetres 0.01.
    func perMeter(_ count: Int) -> UInt32 {
      unit == 1 ? UInt32((count * 10_000 + 127) / 254) : UInt32(count * 100)
    }
    return unit == 1 || unit == 2
      ? PixelDensity(
        horizontal: perMeter(horizontal), vertical: perMeter(vertical),
        unit: .meter)
      : PixelDensity(
        horizontal: UInt32(horizontal), vertical: UInt32(vertical),
        unit: .unknown)
  }

  /// What an APP1 segment with XMP begins with.
  static let xmpMark = "http://ns.adobe.com/xap/1.0/\0"

  /// Takes what a segment says.
  ///
  /// - Parameters:
  ///   - marker: The lowest byte of its marker.
  ///   - payload: What follows its length.
  ///   - offset: Where in the file that begins.
  private mutating func take(
    _ marker: UInt8, _ payload: [UInt8], at offset: Int
  ) {
    switch marker {
    // Of these, 0xc4 are Huffman tables, 0xc8 is reserved, and 0xcc sets
    // arithmetic coding.
    case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
      guard frameMarker == nil, payload.count >= 6 else { return }
      frameMarker = marker
      precision = Int(payload[0])
      heightOffset = offset + 1
      components = Int(payload[5])
    case 0xe0 where payload.has("JFIF\0", at: 0):
      annotations.density = annotations.density ?? Self.density(payload)
    case 0xe1 where payload.has("Exif\0", at: 0):
      annotations.exif = annotations.exif ?? Array(payload.dropFirst(6))
    case 0xe1 where payload.has(Self.xmpMark, at: 0):
      annotations.xmp =
        annotations.xmp ?? Array(payload.dropFirst(Self.xmpMark.utf8.count))
    case 0xe2 where payload.has("ICC_PROFILE\0", at: 0):
      let number = payload.number(at: 12, count: 1, .big) ?? 0
      let count = payload.number(at: 13, count: 1, .big) ?? 0
      profileBytes += max(0, payload.count - 14)
      profileParts.append((number, count, Array(payload.dropFirst(14))))
    default:
      break
    }
  }
}
