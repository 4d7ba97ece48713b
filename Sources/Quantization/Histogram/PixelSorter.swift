import ParallelWork
import Rasters

/// Counts the colours of an image: sorts the pixels of one strip after the
/// other by the upper half of their Morton codes, then counts each half's
/// colours in a table that stays in the nearest cache.
///
/// A table of all 2²⁴ colours is 64 MB of cold memory to fill and to scan; here
/// a strip fits the second cache, and every table has 4,096 entries. Of a large
/// image some strips are counted at a time, so that the sorted pixels of all
/// are never in memory together.
struct PixelSorter {
  /// The colours of a range of boxes, in the order of their codes.
  fileprivate struct Part: Sendable {
    let boxes: Range<Int>

    /// The lower halves of their codes.
    var codes: [UInt16] = []
    var counts: [UInt32] = []

    /// For each box where its colours end.
    var ends: [Int] = []

    /// The colours of one of the boxes.
    func range(_ box: Int) -> Range<Int> {
      let place = box - boxes.lowerBound
      return (place > 0 ? ends[place - 1] : 0)..<ends[place]
    }
  }

  /// Pixels sorted by their boxes.
  private struct Strip: Sendable {
    /// The lower halves of all codes, box by box.
    var codes: [UInt16] = []

    /// Where each box starts, and one more entry for the end.
    var starts: [UInt32]
  }

  private static let boxes = MortonCode.boxes

  /// Two bytes each, which leaves room in a usual second cache; small enough
  /// for several threads to share a photo evenly.
  private static let pixelsInStrip = 98_304

  /// Strips that are counted at once: few enough to take little memory, many
  /// enough that the colours found so far, which are gone through again, are
  /// fewer.
  private static let mostStrips = 32

  private let workers: Workers
  private let strips: [Range<Int>]

  /// The strips that are counted, and those that are sorted for the next time.
  private var counted = 0
  private var sorted: [Strip] = []

  /// The colours counted so far.
  private var parts: [Part] = []

  /// Counts the colours of an opaque image.
  ///
  /// - Returns: Their Morton codes, ascending, and how many pixels have each.
  static func count(
    _ raster: Raster, _ workers: Workers
  ) -> (codes: [UInt64], counts: [UInt32]) {
    let pixels = raster.size.pixelCount
    var sorter = PixelSorter(pixels: pixels, workers: workers)
    raster.samples.withUnsafeBufferPointer { sorter.add($0, before: pixels) }
    return sorter.colors()
  }

  /// Prepares to count.
  ///
  /// - Parameters:
  ///   - pixels: All pixels of the image.
  ///   - workers: The threads to use.
  init(pixels: Int, workers: Workers) {
    self.workers = workers
    let count = max(1, pixels / Self.pixelsInStrip)
    strips = (0..<count).map { (0..<pixels).piece($0, of: count) }
  }

  /// Goes on to count, as far as there are whole strips.
  ///
  /// - Parameters:
  ///   - samples: Red, green and blue of one pixel after the other.
  ///   - end: The pixel before which they are there.
  mutating func add(_ samples: UnsafeBufferPointer<UInt8>, before end: Int) {
    let samples = SharedSource(samples)
    while true {
      let first = counted + sorted.count
      let next = strips[first...].prefix(Self.mostStrips - sorted.count)
        .prefix { $0.upperBound <= end }
      guard !next.isEmpty else { return }
      let share = 1 / Double(strips.count)
      sorted += WorkMeter.part(
        Double(first) * share...Double(next.endIndex) * share
      ) {
        workers.mapMetered(next.count) { [next] strip in
          Self.sort(next[next.startIndex + strip], of: samples.buffer)
        }
      }
      if sorted.count == Self.mostStrips || next.endIndex == strips.count {
        count()
      }
    }
  }

  /// Sorts the pixels of one strip.
  private static func sort(
    _ strip: Range<Int>, of samples: UnsafeBufferPointer<UInt8>
  ) -> Strip {
    var sorted = Strip(starts: [UInt32](repeating: 0, count: boxes + 1))
    var next = [UInt32](repeating: 0, count: boxes)
    sorted.codes = [UInt16](unsafeUninitializedCapacity: strip.count) {
      room, count in
      next.withUnsafeMutableBufferPointer { next in
        MortonCode.forEach(strip, of: samples) { _, codes in
          // A code has 24 bits, so a box has 12.
          for code in codes { next[Int(code >> 12)] &+= 1 }
        }
        var place: UInt32 = 0
        for box in 0..<boxes {
          sorted.starts[box] = place
          place &+= next[box]
          next[box] = sorted.starts[box]
        }
        sorted.starts[boxes] = place
        MortonCode.forEach(strip, of: samples) { _, codes in
          for code in codes {
            let box = Int(code >> 12)
            let place = next[box]
            next[box] = place &+ 1
            room[Int(place)] = UInt16(truncatingIfNeeded: code & 0xfff)
          }
        }
      }
      count = strip.count
    }
    return sorted
  }

  /// Counts the pixels that are sorted.
  private mutating func count() {
    if parts.isEmpty { parts = groups().map { Part(boxes: $0) } }
    _ = workers.map(&parts) { [sorted] _, part in
      part = Self.count(sorted, besides: part)
    }
    counted += sorted.count
    sorted = []
  }

  /// Counts the colours of some boxes.
  ///
  /// - Parameters:
  ///   - strips: The sorted pixels.
  ///   - before: The boxes, and what was counted before.
  /// - Returns: All of their colours.
  private static func count(_ strips: [Strip], besides before: Part) -> Part {
    var part = Part(boxes: before.boxes)
    part.ends.reserveCapacity(part.boxes.count)
    var counter = BoxCounter()
    for box in part.boxes {
      let known = before.ends.isEmpty ? 0..<0 : before.range(box)
      var isEmpty = known.isEmpty
      counter.add(before, known)
      for strip in strips where strip.starts[box] < strip.starts[box + 1] {
        let range = Int(strip.starts[box])..<Int(strip.starts[box + 1])
        strip.codes.withUnsafeBufferPointer {
          counter.add(UnsafeBufferPointer(rebasing: $0[range]))
        }
        isEmpty = false
      }
      if !isEmpty { counter.take(into: &part) }
      part.ends.append(part.codes.count)
    }
    // Without the room that was left to grow.
    part.codes = part.codes.withUnsafeBufferPointer { Array($0) }
    part.counts = part.counts.withUnsafeBufferPointer { Array($0) }
    return part
  }

  /// Ranges of boxes. Where all pixels are sorted they are cut so that none has
  /// much more of them than another; else they are small.
  private func groups() -> [Range<Int>] {
    guard sorted.count == strips.count else {
      return (0..<256).map { (0..<Self.boxes).piece($0, of: 256) }
    }
    let pixels = sorted.reduce(0) { $0 + $1.codes.count }
    let count = max(1, min(64, pixels / 65_536))
    var cuts = [0]
    var seen = 0
    for box in 0..<Self.boxes where cuts.count < count {
      for strip in sorted {
        seen += Int(strip.starts[box + 1] - strip.starts[box])
      }
      if seen * count >= pixels * cuts.count { cuts.append(box + 1) }
    }
    cuts.append(Self.boxes)
    return zip(cuts, cuts.dropFirst()).map { $0..<$1 }
  }

  /// Whether all pixels are counted.
  var isComplete: Bool { counted == strips.count }

  /// All colours, when all pixels are counted.
  ///
  /// - Returns: Their Morton codes, ascending, and how many pixels have each.
  consuming func colors() -> (codes: [UInt64], counts: [UInt32]) {
    let count = parts.reduce(0) { $0 + $1.codes.count }
    let parts = parts
    let codes = [UInt64](unsafeUninitializedCapacity: count) { room, filled in
      for part in parts {
        for box in part.boxes {
          for n in part.range(box) {
            room[filled] =
              UInt64(truncatingIfNeeded: box) << 12
              | UInt64(truncatingIfNeeded: part.codes[n])
            filled += 1
          }
        }
      }
    }
    var counts: [UInt32] = []
    counts.reserveCapacity(count)
    for part in parts { counts += part.counts }
    return (codes, counts)
  }
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
    withTables { counts, occurs in
      for pixel in pixels {
        // Codes have 12 bits, and the tables as many entries.
        let low = Int(pixel & 0xfff)
        counts[low] &+= 1
        occurs[low >> 6] |= 1 << UInt64(low & 63)
      }
    }
  }

  /// Counts colours of a box that were counted before.
  mutating func add(_ part: PixelSorter.Part, _ range: Range<Int>) {
    withTables { counts, occurs in
      part.codes.withUnsafeBufferPointer { codes in
        part.counts.withUnsafeBufferPointer { known in
          for n in range {
            let low = Int(codes[n] & 0xfff)
            counts[low] = known[n]
            occurs[low >> 6] |= 1 << UInt64(low & 63)
          }
        }
      }
    }
  }

  /// Appends the colours of a box, in the order of their codes, and starts
  /// anew.
  mutating func take(into part: inout PixelSorter.Part) {
    let most = MortonCode.colorsInBox
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: most) { codes in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: most) { known in
        let count = withTables { counts, occurs in
          var count = 0
          for word in 0..<(most / 64) where occurs[word] != 0 {
            var bits = occurs[word]
            occurs[word] = 0
            while bits != 0 {
              let low = word << 6 | bits.trailingZeroBitCount
              bits &= bits - 1
              codes[count] = UInt16(truncatingIfNeeded: low)
              known[count] = counts[low]
              counts[low] = 0
              count += 1
            }
          }
          return count
        }
        part.codes += UnsafeBufferPointer(rebasing: codes[..<count])
        part.counts += UnsafeBufferPointer(rebasing: known[..<count])
      }
    }
  }

  @inline(__always)
  private mutating func withTables<Result>(
    _ body: (
      _ counts: UnsafeMutableBufferPointer<UInt32>,
      _ occurs: UnsafeMutableBufferPointer<UInt64>
    ) -> Result
  ) -> Result {
    counts.withUnsafeMutableBufferPointer { counts in
      occurs.withUnsafeMutableBufferPointer { occurs in body(counts, occurs) }
    }
  }
}
