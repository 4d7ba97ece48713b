import ParallelWork
import Rasters

/// Sorts pixels by the upper half of their Morton codes, then counts each
/// half's colours in a table that stays in the nearest cache.
///
/// A table of all 2²⁴ colours is 64 MB of cold memory to fill and to scan;
/// here every table has 4,096 entries.
struct PixelSorter {
  /// The colours of a range of boxes, in the order of their codes.
  struct Part: Sendable {
    var codes: [UInt32] = []
    var counts: [UInt32] = []
  }

  private static let boxes = MortonCode.boxes

  private let workers: Workers

  /// Ranges of pixels that are sorted at once.
  private let strips: [Range<Int>]

  /// The lower halves of all codes, box by box.
  private var sorted: [UInt16] = []

  /// Where each box starts in `sorted`; one more entry for the end.
  private var starts: [Int] = []

  init(pixels: Int, workers: Workers) {
    self.workers = workers
    let count = max(1, min(64, pixels / 65_536))
    strips = (0..<count).map {
      pixels * $0 / count..<pixels * ($0 + 1) / count
    }
  }

  /// Sorts the pixels into boxes.
  ///
  /// - Parameter samples: Red, green and blue of one pixel after the other.
  mutating func sort(_ samples: UnsafeBufferPointer<UInt8>) {
    precondition(samples.count == 3 * (strips.last?.upperBound ?? 0))
    guard let first = samples.baseAddress else { return }
    let samples = PixelSamples(start: first)
    let strips = strips
    let spread = MortonCode.spread
    var offsets = workers.map(strips.count) { strip in
      var sizes = [Int](repeating: 0, count: Self.boxes)
      spread.withUnsafeBufferPointer { spread in
        for pixel in strips[strip] {
          sizes[Int(samples.code(pixel, spread) >> 12)] += 1
        }
      }
      return sizes
    }
    starts = Self.startOfEach(strip: &offsets)
    sorted = [UInt16](
      unsafeUninitializedCapacity: starts[Self.boxes]
    ) { buffer, count in
      let sorted = SharedMemory(buffer)
      _ = workers.map(&offsets) { strip, next in
        spread.withUnsafeBufferPointer { spread in
          next.withUnsafeMutableBufferPointer { next in
            for pixel in strips[strip] {
              let code = samples.code(pixel, spread)
              let box = Int(code >> 12)
              sorted.start[next[box]] = UInt16(truncatingIfNeeded: code & 0xfff)
              next[box] += 1
            }
          }
        }
      }
      count = buffer.count
    }
  }

  /// Turns the sizes of each strip's boxes into the places where the strips
  /// write: box after box, and within a box strip after strip.
  ///
  /// - Parameter offsets: For each strip the size of each box; afterwards where
  ///   its pixels of that box go.
  /// - Returns: The start of each box, and the end of the last.
  private static func startOfEach(strip offsets: inout [[Int]]) -> [Int] {
    var starts: [Int] = []
    starts.reserveCapacity(boxes + 1)
    var next = 0
    for box in 0..<boxes {
      starts.append(next)
      for strip in offsets.indices {
        let size = offsets[strip][box]
        offsets[strip][box] = next
        next += size
      }
    }
    starts.append(next)
    return starts
  }

  /// Counts the colours of each box.
  ///
  /// - Returns: Ranges of boxes, in order.
  func count() -> [Part] {
    let groups = max(1, min(64, sorted.count / 65_536))
    // Cut where the pixels are, so that no group has much more than another.
    let cuts = (0...groups).map { group in
      starts.partitioningIndex { $0 >= sorted.count * group / groups }
    }
    return sorted.withUnsafeBufferPointer { sorted in
      let sorted = SharedPixels(codes: sorted)
      return workers.map(groups) { group in
        var part = Part()
        let end = group + 1 == groups ? Self.boxes : cuts[group + 1]
        var counter = BoxCounter()
        for box in cuts[group]..<end where starts[box] < starts[box + 1] {
          counter.count(
            UnsafeBufferPointer(
              rebasing: sorted.codes[starts[box]..<starts[box + 1]]),
            ofBox: box, into: &part)
        }
        return part
      }
    }
  }
}

/// The sorted pixels, as several threads read them.
private struct SharedPixels: @unchecked Sendable {
  // Sendable: the memory is only read while `PixelSorter.count` waits for the
  // threads.
  let codes: UnsafeBufferPointer<UInt16>
}

/// The samples of an image, as several threads read them.
private struct PixelSamples: @unchecked Sendable {
  // Sendable: the memory is only read while `PixelSorter.sort` waits for the
  // threads.
  let start: UnsafePointer<UInt8>

  /// The Morton code of a pixel.
  @inline(__always)
  func code(_ pixel: Int, _ spread: UnsafeBufferPointer<UInt32>) -> UInt32 {
    let sample = start + 3 * pixel
    return spread[Int(sample[0])] << 2 | spread[Int(sample[1])] << 1
      | spread[Int(sample[2])]
  }
}

/// Counts the colours of one box after the other.
private struct BoxCounter {
  /// For each colour of a box the number of its pixels.
  private var counts = [UInt32](repeating: 0, count: MortonCode.colorsInBox)

  /// A bit for each colour that occurs, so that only those are visited.
  private var occurs = [UInt64](
    repeating: 0, count: MortonCode.colorsInBox / 64)

  /// Appends the colours of a box, in the order of their codes.
  mutating func count(
    _ pixels: UnsafeBufferPointer<UInt16>, ofBox box: Int,
    into part: inout PixelSorter.Part
  ) {
    counts.withUnsafeMutableBufferPointer { counts in
      occurs.withUnsafeMutableBufferPointer { occurs in
        for pixel in pixels {
          // Codes have 12 bits, and the tables as many entries.
          let low = Int(pixel & 0xfff)
          counts[low] &+= 1
          occurs[low >> 6] |= 1 << UInt64(low & 63)
        }
        for word in occurs.indices {
          var bits = occurs[word]
          occurs[word] = 0
          while bits != 0 {
            let low = word << 6 | bits.trailingZeroBitCount
            bits &= bits - 1
            part.codes.append(UInt32(truncatingIfNeeded: box << 12 | low))
            part.counts.append(counts[low])
            counts[low] = 0
          }
        }
      }
    }
  }
}

extension [Int] {
  /// The first index whose element satisfies a predicate that, along the
  /// array, turns from false to true once.
  fileprivate func partitioningIndex(_ predicate: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
