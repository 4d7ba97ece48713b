import Rasters

/// Reads an array of NumPy (.npy, versions 1 to 3 of NumPy enhancement proposal 1)
/// as channels: height × width, height × width × channels, or pages × height ×
/// width × channels.
struct NumPyReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let type: NumPyType
  private let isFortran: Bool
  private let shape: [Int]

  /// Where the elements begin.
  private let start: Int

  private static let mostHeaderBytes = 65_536

  /// Reads the header.
  ///
  /// - Throws: `DecodeError.damagedArray` or `.unsupported`.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodeError) {
    self.bytes = bytes
    guard bytes.count >= 10, (1...3).contains(bytes[6]) else {
      throw .damagedArray("it has no header")
    }
    let isLong = bytes[6] > 1
    let first = isLong ? 12 : 10
    guard bytes.count >= first else {
      throw .damagedArray("it has no header")
    }
    var length = Int(bytes[8]) | Int(bytes[9]) << 8
    if isLong { length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24 }
    guard length <= Self.mostHeaderBytes, bytes.count >= first + length else {
      throw .damagedArray("it ends in its header")
    }
    start = first + length
    let text = String(decoding: bytes[first..<start], as: UTF8.self)
    guard let name = Self.value(of: "descr", in: text),
      let order = Self.value(of: "fortran_order", in: text),
      let lengths = Self.value(of: "shape", in: text)
    else { throw .damagedArray("its header lacks type, order or shape") }
    guard
      let type = NumPyType(
        name.filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" })
    else {
      throw .unsupported(
        what: "an array of type \(name.prefix(40))",
        remedy: "save it as whole numbers or floats")
    }
    self.type = type
    isFortran = order.contains("True")
    var shape: [Int] = []
    for part in lengths.split(whereSeparator: { "(), ".contains($0) }) {
      guard let number = Int(part), number >= 0 else {
        throw .damagedArray("its shape is not one")
      }
      shape.append(number)
    }
    self.shape = shape
  }

  /// What stands after a key in the text of a dictionary.
  private static func value(of key: String, in text: String) -> String? {
    for quote in ["'", "\""] {
      let mark = "\(quote)\(key)\(quote)"
      guard let place = text.firstRange(of: mark) else { continue }
      let rest = text[place.upperBound...].drop { ": ".contains($0) }
      if rest.first == "(" {
        guard let end = rest.firstIndex(of: ")") else { return nil }
        return String(rest[...end])
      }
      return String(rest.prefix { $0 != "," && $0 != "}" })
    }
    return nil
  }

  /// The texts of an array of one axis, of little-endian UTF-32 padded with zeros.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: Them; `nil` where it is no such array.
  static func texts(_ bytes: UnsafeBufferPointer<UInt8>) -> [String]? {
    guard bytes.count >= 10, bytes[6] == 1 else { return nil }
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    guard bytes.count >= start else { return nil }
    let header = String(decoding: bytes[10..<start], as: UTF8.self)
    guard let type = value(of: "descr", in: header),
      let shape = value(of: "shape", in: header),
      let mark = type.firstIndex(of: "U"), type.contains("<"),
      let length = Int(type[type.index(after: mark)...].prefix { $0.isNumber }),
      let count = Int(shape.filter(\.isNumber)), length > 0, count > 0,
      count <= (bytes.count - start) / (4 * length)
    else { return nil }
    return (0..<count).map { number in
      var text = ""
      for place in 0..<length {
        let offset = start + 4 * (number * length + place)
        let code = (0..<4).reduce(UInt32(0)) {
          $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1))
        }
        guard code != 0, let scalar = Unicode.Scalar(code) else { break }
        text.unicodeScalars.append(scalar)
      }
      return text
    }
  }

  /// Whether it has the axes of an image.
  var isImage: Bool { (2...4).contains(shape.count) }

  /// All elements, in the order of C: the last axis runs fastest.
  ///
  /// - Throws: `DecodeError.damagedArray` where it is too short for its shape.
  /// - Complexity: O(elements).
  func elements() throws(DecodeError) -> NumPyElements {
    let count = shape.reduce(1) {
      $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 &* $1
    }
    guard count > 0 else { return NumPyElements(shape: shape, values: []) }
    guard count <= (bytes.count - start) / type.bytes else {
      throw .damagedArray("it is too short for its shape")
    }
    let data = UnsafeRawBufferPointer(
      rebasing: UnsafeRawBufferPointer(bytes)[start...])
    guard isFortran, shape.count > 1 else {
      return NumPyElements(
        shape: shape,
        values: (0..<count).map { type.number(data, $0, as: Double.self) })
    }
    // The first axis runs fastest in the file.
    var steps: [Int] = []
    var step = 1
    for length in shape {
      steps.append(step)
      step *= length
    }
    var values: [Double] = []
    values.reserveCapacity(count)
    var place = [Int](repeating: 0, count: shape.count)
    for _ in 0..<count {
      let offset = zip(place, steps).reduce(0) { $0 + $1.0 * $1.1 }
      values.append(type.number(data, offset, as: Double.self))
      for axis in place.indices.reversed() {
        place[axis] += 1
        if place[axis] < shape[axis] { break }
        place[axis] = 0
      }
    }
    return NumPyElements(shape: shape, values: values)
  }

  /// Reads the array.
  ///
  /// - Throws: `DecodeError`.
  func file(
    _ selection: PageSelection, _ limits: DecodeLimits
  ) throws(DecodeError) -> ChannelFile {
    guard isImage else {
      throw .unsupported(
        what: "an array of \(shape.count) axes",
        remedy: "give it the axes height, width and channel, and before them "
          + "one of pages if there are any")
    }
    let allPages = shape.count == 4 ? shape[0] : 1
    let axes = shape.count == 4 ? Array(shape.dropFirst()) : shape
    let channels = axes.count == 3 ? axes[2] : 1
    guard allPages > 0, channels > 0,
      let size = ImageSize(width: axes[1], height: axes[0])
    else { throw .damagedArray("an axis has no length") }
    let elements = [allPages, channels, type.bytes].reduce(size.pixelCount) {
      $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 &* $1
    }
    guard elements <= bytes.count - start else {
      throw .damagedArray("it is too short for its shape")
    }
    let pages = try selection.numbers(of: allPages)
    try ChannelDecoder.check(
      size, pages: pages.count, channels: channels, limits)
    let samples = read(size, pages, of: allPages, channels)
    return ChannelFile(
      image: ChannelImage(
        size: size, pages: pages.count,
        names: (1...channels).map(String.init), samples: samples),
      warnings: selection == .first && allPages > 1
        ? [
          "the array has \(allPages) pages; the first is read (--page chooses)"
        ] : [],
      kind: "\(type.name) array")
  }

  private func read(
    _ size: ImageSize, _ pages: [Int], of allPages: Int, _ channels: Int
  ) -> [Float] {
    // Elements from one to the next along each axis.
    let (pageStep, rowStep, columnStep, channelStep) =
      isFortran
      ? (
        1, allPages, allPages * size.height,
        allPages * size.height * size.width
      )
      : (
        size.pixelCount * channels, size.width * channels, channels, 1
      )
    let data = UnsafeRawBufferPointer(
      rebasing: UnsafeRawBufferPointer(bytes)[start...])
    var samples: [Float] = []
    samples.reserveCapacity(size.pixelCount * pages.count * channels)
    for channel in 0..<channels {
      for page in pages {
        for y in 0..<size.height {
          let first =
            page * pageStep + y * rowStep + channel * channelStep
          for x in 0..<size.width {
            samples.append(type.number(data, first + x * columnStep))
          }
        }
      }
    }
    return samples
  }
}
