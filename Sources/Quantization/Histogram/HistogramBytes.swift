/// A histogram as bytes, which are the same on all machines:
/// docs/histogram-format.md.
///
///     let bytes = histogram.bytes()
///     let same = try ColorHistogram(bytes: bytes)
enum HistogramBytes {
  /// What a file begins with: a byte that is not ASCII, letters, and the ends of
  /// lines that a transfer as text would change.
  static let signature: [UInt8] = [
    0x89, 0x51, 0x48, 0x53, 0x54, 0x0d, 0x0a, 0x1a,
  ]

  /// The version that is written, and the only one that is read.
  static let version: UInt16 = 1

  /// The bytes before the colours, and those of the checksum behind them.
  static let (headerSize, checksumSize) = (32, 8)

  /// The checksum of bytes: FNV-1a with 64 bits (G. Fowler, L. C. Noll and K.-P.
  /// Vo).
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  /// Appends the lower bytes of a number, the lowest first.
  static func append(
    _ number: UInt64, bytes count: Int, to bytes: inout [UInt8]
  ) {
    for place in 0..<count {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place)))
    }
  }

  /// Appends a number in groups of 7 bits, the lowest first (LEB128).
  static func append(varint number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Reads numbers from the beginning of bytes.
  struct Reader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next bytes as a number, the lowest first.
    mutating func number(bytes count: Int) throws(HistogramError) -> UInt64 {
      guard rest.count >= count else { throw .truncated }
      let number = rest.prefix(count).reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      rest = rest.dropFirst(count)
      return number
    }

    /// The next number in groups of 7 bits.
    mutating func varint() throws(HistogramError) -> UInt64 {
      var number: UInt64 = 0
      for shift in stride(from: 0, to: 64, by: 7) {
        guard let byte = rest.popFirst() else { throw .truncated }
        let group = UInt64(byte & 0x7f)
        guard shift < 63 || group <= 1 else { throw .damaged }
        number |= group << UInt64(shift)
        if byte < 0x80 { return number }
      }
      throw .damaged
    }
  }
}

extension ColorHistogram {
  /// The number of ``bytes()``.
  ///
  /// - Complexity: O(colours), without memory.
  package var byteCount: Int {
    func groups(_ number: UInt64) -> Int {
      max(1, (64 - number.leadingZeroBitCount + 6) / 7)
    }
    var count = HistogramBytes.headerSize + HistogramBytes.checksumSize
    if weights != nil { count += 8 * codes.count }
    var last: UInt64 = 0
    for n in codes.indices {
      count += groups(codes[n] - last) + groups(UInt64(counts[n]))
      last = codes[n]
    }
    return count
  }

  /// The histogram as bytes.
  ///
  /// - Returns: The same for the same colours, counts and weights, whatever the
  ///   machine and however they were put together; some 3 to 6 bytes a colour.
  /// - Complexity: O(colours).
  public func bytes() -> [UInt8] {
    var bytes = HistogramBytes.signature
    HistogramBytes.append(
      UInt64(HistogramBytes.version), bytes: 2, to: &bytes)
    bytes.append(layout.number)
    bytes.append(weights == nil ? 0 : 1)
    HistogramBytes.append(0, bytes: 4, to: &bytes)
    HistogramBytes.append(UInt64(codes.count), bytes: 8, to: &bytes)
    HistogramBytes.append(UInt64(pixelCount), bytes: 8, to: &bytes)
    bytes.reserveCapacity(byteCount)
    var last: UInt64 = 0
    for n in codes.indices {
      HistogramBytes.append(varint: codes[n] - last, to: &bytes)
      HistogramBytes.append(varint: UInt64(counts[n]), to: &bytes)
      if let weights {
        HistogramBytes.append(weights[n].bitPattern, bytes: 8, to: &bytes)
      }
      last = codes[n]
    }
    HistogramBytes.append(
      HistogramBytes.checksum(bytes), bytes: HistogramBytes.checksumSize,
      to: &bytes)
    return bytes
  }

  /// Reads a histogram that ``bytes()`` wrote.
  ///
  /// - Parameter bytes: All of them.
  /// - Throws: `HistogramError`, where they are anything else.
  /// - Complexity: O(colours); memory for no more of them than the bytes can
  ///   hold.
  public init(bytes: [UInt8]) throws(HistogramError) {
    guard bytes.starts(with: HistogramBytes.signature) else {
      throw .notAHistogram
    }
    let least = HistogramBytes.headerSize + HistogramBytes.checksumSize
    guard bytes.count >= least else { throw .truncated }
    let end = bytes.count - HistogramBytes.checksumSize
    var header = HistogramBytes.Reader(
      bytes[HistogramBytes.signature.count..<HistogramBytes.headerSize])
    let version = try header.number(bytes: 2)
    guard version == HistogramBytes.version else {
      throw .version(Int(version))
    }
    let layout = ColorLayout(number: try header.number(bytes: 1))
    let flags = try header.number(bytes: 1)
    let reserved = try header.number(bytes: 4)
    let colors = try header.number(bytes: 8)
    let pixels = try header.number(bytes: 8)
    var checksum = HistogramBytes.Reader(bytes[end...])
    guard
      try checksum.number(bytes: HistogramBytes.checksumSize)
        == HistogramBytes.checksum(bytes[..<end])
    else { throw .damaged }
    // A colour takes 2 bytes or more.
    guard let layout, flags <= 1, reserved == 0, colors >= 1,
      colors <= UInt64(bytes.count) / 2, pixels <= UInt64(Int.max)
    else { throw .damaged }
    var reader = HistogramBytes.Reader(bytes[HistogramBytes.headerSize..<end])
    var run = CodeCounter.Run(codes: [], counts: [])
    run.codes.reserveCapacity(Int(colors))
    run.counts.reserveCapacity(Int(colors))
    var weights: [Double]? = flags == 1 ? [] : nil
    var code: UInt64 = 0
    for n in 0..<colors {
      let (next, overflows) = code.addingReportingOverflow(try reader.varint())
      guard !overflows, n == 0 || next > code, layout.isCode(next),
        let count = UInt32(exactly: try reader.varint()), count > 0
      else { throw .damaged }
      code = next
      run.codes.append(code)
      run.counts.append(count)
      if weights != nil {
        let weight = Double(bitPattern: try reader.number(bytes: 8))
        guard weight >= 0, weight.isFinite else { throw .damaged }
        weights?.append(weight)
      }
    }
    // Sums of counts end at the largest that there can be.
    let sum = run.counts.reduce(UInt64(0)) { $0 + UInt64($1) }
    guard reader.isAtEnd,
      run.counts.contains(.max) ? pixels >= sum : pixels == sum,
      weights?.reduce(0, +).isFinite ?? true,
      weights?.contains(where: { $0 > 0 }) ?? true
    else { throw .damaged }
    self.init(run, layout, pixelCount: Int(pixels))
    self.weights = weights
  }
}

extension ColorLayout {
  /// The number by which bytes know it.
  fileprivate var number: UInt8 {
    switch self {
    case .rgb8: 0
    case .rgb16: 1
    case .rgba16: 2
    }
  }

  fileprivate init?(number: UInt64) {
    switch number {
    case 0: self = .rgb8
    case 1: self = .rgb16
    case 2: self = .rgba16
    default: return nil
    }
  }

  /// Whether a colour can have a code.
  fileprivate func isCode(_ code: UInt64) -> Bool {
    guard self == .rgba16 else { return code >> UInt64(bits) == 0 }
    // Complete transparency is one colour.
    return code == 0 || color(code).w > 0
  }
}
