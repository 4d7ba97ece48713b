import Testing

/// A file of Photoshop, read by the letter of its specification.
struct PhotoshopReader {
  struct Layer {
    var name = ""
    var blend = ""

    /// Red, green, blue and alpha of each pixel.
    var samples: [[Int]] = []
  }

  private(set) var width = 0
  private(set) var height = 0
  private(set) var depth = 0

  /// Whether the picture has alpha.
  private(set) var hasAlpha = false

  /// From the bottom.
  private(set) var layers: [Layer] = []

  /// The whole picture.
  private(set) var merged: [[Int]] = []

  private let bytes: [UInt8]
  private var place = 0
  private var isLarge = false

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    #expect(text(4) == "8BPS")
    isLarge = number(2) == 2
    place += 6
    let channels = number(2)
    height = number(4)
    width = number(4)
    depth = number(2)
    #expect(number(2) == 3)
    place += number(4)
    place += number(4)
    let length = number(isLarge ? 8 : 4)
    let end = place + length
    let info = number(isLarge ? 8 : 4)
    if info > 0 {
      try readLayers(place + info)
    } else {
      #expect(number(4) == 0)
      #expect(text(4) == "8BIM")
      #expect(text(4) == "Lr16")
      let block = number(isLarge ? 8 : 4)
      try readLayers(place + block)
    }
    if depth == 8 { #expect(number(4) == 0) }
    #expect(place == end)
    #expect(number(2) == 1)
    merged = pixels(planes(channels))
    #expect(place == bytes.count)
  }

  private mutating func readLayers(_ end: Int) throws {
    let count = Int(Int16(truncatingIfNeeded: number(2)))
    hasAlpha = count < 0
    var lengths: [[Int: Int]] = []
    var order: [[Int]] = []
    for _ in 0..<abs(count) {
      #expect(
        [number(4), number(4), number(4), number(4)] == [0, 0, height, width])
      var own: [Int: Int] = [:]
      var channels: [Int] = []
      for _ in 0..<number(2) {
        let channel = Int(Int16(truncatingIfNeeded: number(2)))
        channels.append(channel)
        own[channel] = number(isLarge ? 8 : 4)
      }
      lengths.append(own)
      order.append(channels)
      var layer = Layer()
      #expect(text(4) == "8BIM")
      layer.blend = text(4)
      #expect(number(1) == 255)
      place += 3
      let extra = number(4)
      let extraEnd = place + extra
      #expect(number(4) == 0)
      #expect(number(4) == 0)
      let short = number(1)
      place += (short + 4) / 4 * 4 - 1
      #expect(text(4) == "8BIM")
      #expect(text(4) == "luni")
      let unicode = number(4)
      let unicodeEnd = place + unicode
      let units = (0..<number(4)).map { _ in UInt16(number(2)) }
      layer.name = String(decoding: units, as: UTF16.self)
      place = unicodeEnd
      #expect(place == extraEnd)
      layers.append(layer)
    }
    for n in layers.indices {
      var planes: [Int: [Int]] = [:]
      for channel in order[n] {
        let start = place
        #expect(number(2) == 1)
        planes[channel] = self.planes(1)[0]
        #expect(place - start == lengths[n][channel])
      }
      layers[n].samples = pixels(
        try [0, 1, 2, -1].map { try #require(planes[$0]) })
    }
    #expect(end - place < 4)
    place = end
  }

  /// Planes in runs: all lengths of rows, then the rows.
  private mutating func planes(_ count: Int) -> [[Int]] {
    let lengths = (0..<count * height).map { _ in number(isLarge ? 4 : 2) }
    return (0..<count).map { plane in
      var samples: [Int] = []
      for row in 0..<height {
        let end = place + lengths[plane * height + row]
        var unpacked: [UInt8] = []
        while place < end {
          let head = Int(Int8(bitPattern: bytes[place]))
          place += 1
          if head >= 0 {
            unpacked += bytes[place...place + head]
            place += head + 1
          } else {
            #expect(head != -128)
            unpacked += [UInt8](repeating: bytes[place], count: 1 - head)
            place += 1
          }
        }
        #expect(place == end)
        #expect(unpacked.count == width * depth / 8)
        for x in 0..<width {
          samples.append(
            depth == 8
              ? Int(unpacked[x])
              : Int(unpacked[2 * x]) << 8 | Int(unpacked[2 * x + 1]))
        }
      }
      return samples
    }
  }

  private func pixels(_ planes: [[Int]]) -> [[Int]] {
    (0..<width * height).map { pixel in
      (planes.map { $0[pixel] } + [(1 << depth) - 1]).prefix(4).map(\.self)
    }
  }

  private mutating func number(_ count: Int) -> Int {
    defer { place += count }
    return bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
  }

  private mutating func text(_ count: Int) -> String {
    defer { place += count }
    return String(decoding: bytes[place..<place + count], as: UTF8.self)
  }
}
