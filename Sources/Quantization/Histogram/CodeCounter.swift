import ParallelWork

/// Counts the colours of an image by their codes: sorts one strip after the
/// other, and merges the results.
struct CodeCounter {
  /// Distinct codes, ascending, and how many pixels have each.
  struct Run: Sendable {
    var codes: [UInt64] = []
    var counts: [UInt32] = []

    /// The colours of two runs.
    ///
    /// - Complexity: O(codes of both).
    func merged(with other: Run) -> Run {
      var result = Run()
      result.codes.reserveCapacity(codes.count + other.codes.count)
      result.counts.reserveCapacity(codes.count + other.codes.count)
      var (a, b) = (0, 0)
      while a < codes.count, b < other.codes.count {
        let (first, second) = (codes[a], other.codes[b])
        var count: UInt32 = 0
        if first <= second {
          count = counts[a]
          a += 1
        }
        if second <= first {
          count += other.counts[b]
          b += 1
        }
        result.codes.append(min(first, second))
        result.counts.append(count)
      }
      result.codes += codes[a...] + other.codes[b...]
      result.counts += counts[a...] + other.counts[b...]
      return result
    }
  }

  /// Codes of 8 bytes, twice: fits a usual second cache.
  private static let pixelsInStrip = 16_384

  /// Counts all colours.
  ///
  /// - Parameters:
  ///   - codes: The codes of the pixels.
  ///   - workers: The threads to use; the result does not depend on them.
  /// - Returns: The distinct codes and their counts.
  /// - Complexity: O(pixels + colours × log strips).
  static func count(_ codes: PixelCodes, _ workers: Workers) -> Run {
    let pixels = codes.pixels.size.pixelCount
    let strips = max(1, pixels / pixelsInStrip)
    // Few pieces: each keeps its memory from strip to strip.
    let pieces = min(64, strips)
    var runs = workers.mapMetered(pieces) { piece in
      var stack: [Run] = []
      var sorter = RadixSorter()
      for strip in (0..<strips).piece(piece, of: pieces) {
        let range = (0..<pixels).piece(strip, of: strips)
        var run = sorter.run(of: codes, range)
        // Runs of about the same length are merged, as in a merge sort.
        while let last = stack.last, last.codes.count <= 2 * run.codes.count {
          run = last.merged(with: run)
          stack.removeLast()
        }
        stack.append(run)
      }
      return stack.reversed().reduce(Run()) { $1.merged(with: $0) }
    }
    while runs.count > 1 {
      let halves = runs
      runs = workers.map((halves.count + 1) / 2) { pair in
        2 * pair + 1 < halves.count
          ? halves[2 * pair].merged(with: halves[2 * pair + 1])
          : halves[2 * pair]
      }
    }
    return runs.first ?? Run()
  }
}

/// Sorts codes by one byte after the other, the lowest first.
private struct RadixSorter {
  private var codes: [UInt64] = []
  private var spare: [UInt64] = []

  /// The distinct codes of a range of pixels, sorted.
  mutating func run(
    of source: PixelCodes, _ range: Range<Int>
  ) -> CodeCounter.Run {
    if codes.count < range.count {
      codes = [UInt64](repeating: 0, count: range.count)
      spare = codes
    }
    codes.withUnsafeMutableBufferPointer { source.write(range, to: $0) }
    for byte in 0..<(source.layout.bits / 8) {
      pass(byte, range.count)
    }
    var run = CodeCounter.Run()
    var n = 0
    while n < range.count {
      let code = codes[n]
      let start = n
      while n < range.count, codes[n] == code { n += 1 }
      run.codes.append(code)
      run.counts.append(UInt32(truncatingIfNeeded: n - start))
    }
    return run
  }

  private mutating func pass(_ byte: Int, _ count: Int) {
    let shift = UInt64(8 * byte)
    var places = [Int](repeating: 0, count: 257)
    for n in 0..<count { places[Int(codes[n] >> shift & 0xff) + 1] += 1 }
    // Where all have the same byte they are in order.
    guard !places.contains(count) else { return }
    for digit in 1...256 { places[digit] += places[digit - 1] }
    codes.withUnsafeBufferPointer { codes in
      spare.withUnsafeMutableBufferPointer { spare in
        places.withUnsafeMutableBufferPointer { places in
          for n in 0..<count {
            let digit = Int(codes[n] >> shift & 0xff)
            spare[places[digit]] = codes[n]
            places[digit] += 1
          }
        }
      }
    }
    swap(&codes, &spare)
  }
}
