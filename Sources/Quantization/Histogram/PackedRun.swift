/// Distinct codes and how many pixels have each, in few bytes.
///
/// Codes that ascend differ by little where there are many: each is kept as its
/// difference from the one before, seven bits a byte, the lowest first, and so
/// is its count. That is 2 to 4 bytes for most colours of a large picture,
/// where a ``CodeCounter/Run`` has 12.
struct PackedRun: Sendable {
  /// How many codes there are.
  let count: Int

  private let bytes: [UInt8]

  /// Packs a run.
  ///
  /// - Complexity: O(codes).
  init(_ run: CodeCounter.Run) {
    var room = 0
    var last: UInt64 = 0
    for n in run.codes.indices {
      room += Writer.length(run.codes[n] - last)
      room += Writer.length(UInt64(run.counts[n]))
      last = run.codes[n]
    }
    self.init(room: room) { writer in
      for n in run.codes.indices { writer.write(run.codes[n], run.counts[n]) }
    }
  }

  /// Has codes written.
  ///
  /// - Parameters:
  ///   - room: The most bytes that they take.
  ///   - write: Writes them.
  private init(room: Int, _ write: (inout Writer) -> Void) {
    var count = 0
    bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, used in
      guard let start = buffer.baseAddress else { return }
      var writer = Writer(start)
      write(&writer)
      precondition(writer.used <= room)
      (count, used) = (writer.count, writer.used)
    }
    self.count = count
  }

  /// The colours of two runs.
  ///
  /// - Complexity: O(codes of both).
  func merged(with other: PackedRun) -> PackedRun {
    // Neither differences nor counts get longer than they were together.
    PackedRun(room: bytes.count + other.bytes.count) { writer in
      bytes.withUnsafeBufferPointer { bytes in
        other.bytes.withUnsafeBufferPointer { otherBytes in
          var first = Reader(bytes)
          var second = Reader(otherBytes)
          while !first.isAtEnd, !second.isAtEnd {
            let (a, b) = (first.code, second.code)
            var count: UInt32 = 0
            if a <= b {
              count += first.count
              first.advance()
            }
            if b <= a {
              count += second.count
              second.advance()
            }
            writer.write(min(a, b), count)
          }
          first.writeRest(to: &writer)
          second.writeRest(to: &writer)
        }
      }
    }
  }

  /// The run that was packed.
  ///
  /// - Complexity: O(codes).
  func unpacked() -> CodeCounter.Run {
    var run = CodeCounter.Run()
    run.codes.reserveCapacity(count)
    run.counts.reserveCapacity(count)
    bytes.withUnsafeBufferPointer { bytes in
      var reader = Reader(bytes)
      while !reader.isAtEnd {
        run.codes.append(reader.code)
        run.counts.append(reader.count)
        reader.advance()
      }
    }
    return run
  }

  /// Puts codes one behind the other, where there is room.
  private struct Writer {
    private(set) var count = 0
    private(set) var used = 0
    private var last: UInt64 = 0
    private let start: UnsafeMutablePointer<UInt8>

    init(_ start: UnsafeMutablePointer<UInt8>) { self.start = start }

    /// The bytes of a number.
    static func length(_ number: UInt64) -> Int {
      max(1, (64 - number.leadingZeroBitCount + 6) / 7)
    }

    @inline(__always)
    mutating func write(_ code: UInt64, _ pixels: UInt32) {
      put(code - last)
      put(UInt64(pixels))
      last = code
      count += 1
    }

    @inline(__always)
    private mutating func put(_ number: UInt64) {
      var rest = number
      while rest >= 0x80 {
        start[used] = UInt8(truncatingIfNeeded: rest) | 0x80
        used += 1
        rest >>= 7
      }
      start[used] = UInt8(truncatingIfNeeded: rest)
      used += 1
    }
  }

  /// Goes through the codes.
  private struct Reader {
    /// Whether there is none any more.
    private(set) var isAtEnd = false

    /// The code.
    private(set) var code: UInt64 = 0

    /// How many pixels have it.
    private(set) var count: UInt32 = 0

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    /// The first code.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
      self.bytes = bytes
      advance()
    }

    @inline(__always)
    mutating func advance() {
      guard place < bytes.count else {
        isAtEnd = true
        return
      }
      code += number()
      count = UInt32(truncatingIfNeeded: number())
    }

    mutating func writeRest(to writer: inout Writer) {
      while !isAtEnd {
        writer.write(code, count)
        advance()
      }
    }

    @inline(__always)
    private mutating func number() -> UInt64 {
      var byte = bytes[place]
      place += 1
      var number = UInt64(byte & 0x7f)
      var shift: UInt64 = 7
      while byte >= 0x80 {
        byte = bytes[place]
        place += 1
        number |= UInt64(byte & 0x7f) << shift
        shift += 7
      }
      return number
    }
  }
}
