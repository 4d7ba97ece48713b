import ParallelWork
import Rasters

/// Counts the colours of an image: sorts the pixels of one strip after the
/// other by the upper half of their Morton codes, then counts each half's
/// colours in a table that stays in the nearest cache.
///
/// A table of all 2²⁴ colours is 64 MB of cold memory to fill and to scan; here
/// a strip fits the second cache, and every table has 4,096 entries.
struct PixelSorter {
  /// The colours of a range of boxes, in the order of their codes.
  struct Part: Sendable {
    var codes: [UInt64] = []
    var counts: [UInt32] = []
  }

  private static let boxes = MortonCode.boxes

  /// Two bytes each, which leaves room in a usual second cache; small enough
  /// for several threads to share a photo evenly.
  private static let pixelsInStrip = 98_304

  private let workers: Workers

  /// Ranges of pixels, each sorted by itself.
  private let strips: [Range<Int>]

  /// The lower halves of all codes: strip after strip, and in each box by box.
  private var sorted: [UInt16] = []

  /// For each strip where each box starts in `sorted`, and one more entry for
  /// the end.
  private var starts: [[Int]] = []

  /// Counts the colours of an opaque image.
  ///
  /// - Returns: Their Morton codes, ascending, and how many pixels have each.
  static func count(
    _ raster: Raster, _ workers: Workers
  ) -> (codes: [UInt64], counts: [UInt32]) {
    var sorter = PixelSorter(pixels: raster.size.pixelCount, workers: workers)
    let parts = raster.samples.withUnsafeBufferPointer { samples in
      sorter.sort(samples)
      return sorter.count()
    }
    let count = parts.reduce(0) { $0 + $1.codes.count }
    var codes: [UInt64] = []
    var counts: [UInt32] = []
    codes.reserveCapacity(count)
    counts.reserveCapacity(count)
    for part in parts {
      codes += part.codes
      counts += part.counts
    }
    return (codes, counts)
  }

  private init(pixels: Int, workers: Workers) {
    self.workers = workers
    let count = max(1, pixels / Self.pixelsInStrip)
    strips = (0..<count).map {
      pixels * $0 / count..<pixels * ($0 + 1) / count
    }
  }

  /// Sorts the pixels of each strip into boxes.
  ///
  /// - Parameter samples: Red, green and blue of one pixel after the other.
  mutating func sort(_ samples: UnsafeBufferPointer<UInt8>) {
    let pixels = strips.last?.upperBound ?? 0
    precondition(samples.count == 3 * pixels)
    guard let first = samples.baseAddress else { return }
    let samples = PixelSamples(start: first)
    let strips = strips
    var starts: [[Int]] = []
    sorted = [UInt16](unsafeUninitializedCapacity: pixels) { buffer, count in
      let sorted = SharedMemory(buffer)
      starts = WorkMeter.part(0...0.5) {
        workers.mapMetered(strips.count) { strip in
          MortonCode.spread.withUnsafeBufferPointer { spread in
            Self.sort(strips[strip], of: samples, spread, into: sorted)
          }
        }
      }
      count = pixels
    }
    self.starts = starts
  }

  /// Sorts the pixels of one strip.
  ///
  /// - Returns: The start of each box, and the end of the last.
  private static func sort(
    _ strip: Range<Int>, of samples: PixelSamples,
    _ spread: UnsafeBufferPointer<UInt32>, into sorted: SharedMemory<UInt16>
  ) -> [Int] {
    var starts = [Int](repeating: 0, count: boxes + 1)
    var next = [Int](repeating: 0, count: boxes)
    starts.withUnsafeMutableBufferPointer { starts in
      next.withUnsafeMutableBufferPointer { next in
        for pixel in strip {
          // A code has 24 bits, so a box has 12.
          next[Int(samples.code(pixel, spread) >> 12)] &+= 1
        }
        var place = strip.lowerBound
        for box in 0..<boxes {
          starts[box] = place
          place += next[box]
          next[box] = starts[box]
        }
        starts[boxes] = place
        for pixel in strip {
          let code = samples.code(pixel, spread)
          let box = Int(code >> 12)
          sorted.start[next[box]] = UInt16(truncatingIfNeeded: code & 0xfff)
          next[box] &+= 1
        }
      }
    }
    return starts
  }

  /// Counts the colours of each box.
  ///
  /// - Returns: Ranges of boxes, in order.
  func count() -> [Part] {
    let groups = groups()
    return sorted.withUnsafeBufferPointer { sorted in
      let sorted = SharedPixels(codes: sorted)
      return workers.map(groups.count) { group in
        var part = Part()
        // At most as many colours as pixels; what is not used is not touched.
        let most = pixels(in: groups[group])
        part.codes.reserveCapacity(most)
        part.counts.reserveCapacity(most)
        var counter = BoxCounter()
        for box in groups[group] {
          for starts in starts where starts[box] < starts[box + 1] {
            counter.add(
              UnsafeBufferPointer(
                rebasing: sorted.codes[starts[box]..<starts[box + 1]]))
          }
          counter.take(box, into: &part)
        }
        return part
      }
    }
  }

  /// The number of pixels in a range of boxes.
  private func pixels(in boxes: Range<Int>) -> Int {
    starts.reduce(0) { $0 + $1[boxes.upperBound] - $1[boxes.lowerBound] }
  }

  /// Ranges of boxes, cut where the pixels are, so that none has much more of
  /// them than another.
  private func groups() -> [Range<Int>] {
    let pixels = strips.last?.upperBound ?? 0
    let count = max(1, min(64, pixels / 65_536))
    var cuts = [0]
    var seen = 0
    for box in 0..<Self.boxes where cuts.count < count {
      for starts in starts { seen += starts[box + 1] - starts[box] }
      if seen * count >= pixels * cuts.count { cuts.append(box + 1) }
    }
    cuts.append(Self.boxes)
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }
  }
}

/// The samples of an image, as several threads read them.
struct PixelSamples: @unchecked Sendable {
  // Sendable: the memory is only read while its owner waits for the threads.
  let start: UnsafePointer<UInt8>

  /// The Morton code of a pixel.
  @inline(__always)
  func code(_ pixel: Int, _ spread: UnsafeBufferPointer<UInt32>) -> UInt32 {
    let sample = start + 3 * pixel
    return spread[Int(sample[0])] << 2 | spread[Int(sample[1])] << 1
      | spread[Int(sample[2])]
  }
}

/// The sorted pixels, as several threads read them.
private struct SharedPixels: @unchecked Sendable {
  // Sendable: the memory is only read while `PixelSorter.count` waits for the
  // threads.
  let codes: UnsafeBufferPointer<UInt16>
}

/// Counts the colours of one box after the other.
private struct BoxCounter {
  /// For each colour of a box the number of its pixels.
  private var counts = [UInt32](repeating: 0, count: MortonCode.colorsInBox)

  /// A bit for each colour that occurs, so that only those are visited.
  private var occurs = [UInt64](
    repeating: 0, count: MortonCode.colorsInBox / 64)

  /// Counts some pixels of a box.
  mutating func add(_ pixels: UnsafeBufferPointer<UInt16>) {
    counts.withUnsafeMutableBufferPointer { counts in
      occurs.withUnsafeMutableBufferPointer { occurs in
        for pixel in pixels {
          // Codes have 12 bits, and the tables as many entries.
          let low = Int(pixel & 0xfff)
          counts[low] &+= 1
          occurs[low >> 6] |= 1 << UInt64(low & 63)
        }
      }
    }
  }

  /// Appends the colours of a box, in the order of their codes, and starts
  /// anew.
  mutating func take(_ box: Int, into part: inout PixelSorter.Part) {
    for word in occurs.indices where occurs[word] != 0 {
      var bits = occurs[word]
      occurs[word] = 0
      while bits != 0 {
        let low = word << 6 | bits.trailingZeroBitCount
        bits &= bits - 1
        part.codes.append(UInt64(truncatingIfNeeded: box << 12 | low))
        part.counts.append(counts[low])
        counts[low] = 0
      }
    }
  }
}
