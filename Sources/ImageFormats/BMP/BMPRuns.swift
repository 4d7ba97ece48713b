import Rasters

/// Indices that are coded as runs (BI_RLE8 and BI_RLE4).
enum BMPRuns {
  /// Decodes all indices, from the top row.
  ///
  /// What the runs leave out is index 0.
  ///
  /// - Throws: `DecodeError.damaged` where the file ends before its end mark or a
  ///   run reaches beyond its row; `.outOfMemory`.
  static func indices(
    of bytes: ImageBytes, _ layout: BMPLayout
  ) throws(DecodeError) -> [UInt8] {
    let size = layout.size
    let coded = bytes.bytes(
      max(0, bytes.count - layout.offset), at: layout.offset)
    var indices = [UInt8](repeating: 0, count: size.pixelCount)
    let nibbles = layout.bits == 4
    func damage(_ reason: String) -> DecodeError {
      .damaged(format: .bmp, reason: reason)
    }
    var (x, y, place) = (0, 0, 0)
    func next() throws(DecodeError) -> UInt8 {
      guard place < coded.count else { throw damage("its runs end early") }
      defer { place += 1 }
      return coded[place]
    }
    func put(_ index: UInt8) throws(DecodeError) {
      guard x < size.width, y < size.height else {
        throw damage("a run beyond its row")
      }
      let row = layout.isBottomUp ? size.height - 1 - y : y
      indices[row * size.width + x] = index
      x += 1
    }
    while true {
      let count = Int(try next())
      let value = try next()
      if count > 0 {
        for i in 0..<count {
          try put(!nibbles ? value : i % 2 == 0 ? value >> 4 : value & 15)
        }
        continue
      }
      switch value {
      case 0: (x, y) = (0, y + 1)
      case 1: return indices
      case 2:
        x += Int(try next())
        y += Int(try next())
      default:
        let count = Int(value)
        var pair: UInt8 = 0
        for i in 0..<count {
          if !nibbles {
            try put(try next())
          } else {
            if i % 2 == 0 { pair = try next() }
            try put(i % 2 == 0 ? pair >> 4 : pair & 15)
          }
        }
        // They end on a whole number of 16 bits.
        let used = nibbles ? (count + 1) / 2 : count
        if used % 2 == 1 { _ = try next() }
      }
    }
  }
}
