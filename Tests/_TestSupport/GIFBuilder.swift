/// Writes GIFs (GIF89a, CompuServe 1990) as plainly as the specification says it:
/// codes are not compressed.
public struct GIFBuilder: Sendable {
  /// The screen.
  public var width = 9
  /// The screen.
  public var height = 7
  /// Where the frames lie, and how large they are; all of the screen by default.
  public var frame: (left: Int, top: Int, width: Int, height: Int)?
  /// Bits of an index, 1 to 8.
  public var bits = 4
  /// Whether rows are stored in four passes.
  public var isInterlaced = false
  /// The index that is none.
  public var transparent: Int?
  /// How many frames there are.
  public var frames = 1
  /// Whether the colours are those of the frame, and not of the screen.
  public var hasLocalColors = false
  /// Whether there are colours.
  public var hasColors = true
  /// Whether the end mark is there.
  public var hasEnd = true

  /// A GIF of 9 × 7 pixels.
  public init() {}

  /// The colour of an index.
  public static func color(_ index: Int) -> [UInt8] {
    [UInt8(index * 7 % 256), UInt8(index * 31 % 256), UInt8(255 - index)]
  }

  private func number(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  /// The file.
  ///
  /// - Parameter index: The index of a column and a row of the frame.
  /// - Returns: Its bytes.
  public func bytes(_ index: (Int, Int) -> Int) -> [UInt8] {
    let place = frame ?? (0, 0, width, height)
    let colors =
      hasColors ? (0..<1 << bits).flatMap { Self.color($0) } : []
    let flags = hasColors ? 0x80 | UInt8(bits - 1) : 0
    var out =
      Array("GIF89a".utf8) + number(width) + number(height)
      + [hasLocalColors ? 0 : flags, 0, 0] + (hasLocalColors ? [] : colors)
    var rows = Array(0..<place.height)
    if isInterlaced {
      rows =
        rows.filter { $0 % 8 == 0 } + rows.filter { $0 % 8 == 4 }
        + rows.filter { $0 % 4 == 2 } + rows.filter { $0 % 2 == 1 }
    }
    let indices = rows.flatMap { y in
      (0..<place.width).map { x in index(x, y) }
    }
    for _ in 0..<frames {
      // Before it a comment, which nobody reads.
      out += [0x21, 0xfe, 3] + Array("abc".utf8) + [0]
      if let transparent {
        out += [0x21, 0xf9, 4, 1, 0, 0, UInt8(transparent), 0]
      }
      out += [0x2c] + number(place.left) + number(place.top)
      out += number(place.width) + number(place.height)
      out.append((isInterlaced ? 0x40 : 0) | (hasLocalColors ? flags : 0))
      out += (hasLocalColors ? colors : []) + codes(indices)
    }
    return out + (hasEnd ? [0x3b] : [])
  }

  /// A code each, and a clear code before the decoder would take another bit.
  private func codes(_ indices: [Int]) -> [UInt8] {
    let size = max(2, bits)
    let clear = 1 << size
    var (buffer, filled) = (0, 0)
    var data: [UInt8] = []
    func put(_ code: Int) {
      buffer |= code << filled
      filled += size + 1
      while filled >= 8 {
        data.append(UInt8(buffer & 255))
        buffer >>= 8
        filled -= 8
      }
    }
    for (i, index) in indices.enumerated() {
      if i % (clear - 2) == 0 { put(clear) }
      put(index)
    }
    put(clear + 1)
    if filled > 0 { data.append(UInt8(buffer & 255)) }
    var out = [UInt8(size)]
    for start in stride(from: 0, to: data.count, by: 255) {
      let block = data[start..<min(start + 255, data.count)]
      out += [UInt8(block.count)] + block
    }
    return out + [0]
  }
}
