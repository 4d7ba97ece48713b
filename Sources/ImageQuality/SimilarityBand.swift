import Rasters

/// Computes the structural similarity of some rows.
///
/// The window is the product of two of one dimension: each row is filtered along
/// itself when it is read, and kept until the 11 rows around a place are there.
/// Of x and y, the samples of the two images, four moments are all that the
/// index needs: x, y, x² + y² and xy.
struct SimilarityBand {
  private typealias Vector = SIMD4<Double>

  private static let lanes = 4
  private static let moments = 4

  /// Samples of a filtered row, three for each place.
  private let places: Int

  /// The same with room for whole vectors.
  private let padded: Int

  /// The moments of the samples of a row, one after the other.
  private var raw: [Double]

  /// For each of 11 rows the filtered moments, one after the other.
  private var ring: [Double]

  private var firstRow: [SIMD4<UInt16>]
  private var secondRow: [SIMD4<UInt16>]

  /// Samples from the start of a window to its middle.
  private static let reach = 3 * StructuralSimilarity.radius

  /// Samples of a row before filtering, with the room.
  private var rawCount: Int { padded + 2 * Self.reach }

  /// Prepares for images of a width.
  ///
  /// - Parameter width: Pixels in a row, 11 at least.
  init(width: Int) {
    precondition(width >= StructuralSimilarity.side)
    places = 3 * (width - StructuralSimilarity.side + 1)
    padded = (places + Self.lanes - 1) / Self.lanes * Self.lanes
    let count = padded + 2 * Self.reach
    raw = [Double](repeating: 0, count: Self.moments * count)
    ring = [Double](
      repeating: 0,
      count: StructuralSimilarity.side * Self.moments * padded)
    let empty = SIMD4<UInt16>.zero
    firstRow = [SIMD4<UInt16>](repeating: empty, count: width)
    secondRow = firstRow
  }

  /// The summed index.
  ///
  /// - Parameters:
  ///   - rows: Of places: the first window begins at this row of the image.
  ///   - first: An image.
  ///   - second: Another of the same size.
  ///   - level: The background of both.
  /// - Returns: The sum over all places of the rows and three channels.
  mutating func sum(
    over rows: Range<Int>, _ first: Pixels, _ second: Pixels, on level: Double
  ) -> Double {
    var sum = 0.0
    let side = StructuralSimilarity.side
    for y in rows.lowerBound..<rows.upperBound + side - 1 {
      first.read(row: y, into: &firstRow)
      second.read(row: y, into: &secondRow)
      readMoments(on: level)
      filterAlong(to: y % side)
      if y >= rows.lowerBound + side - 1 {
        sum += similarity(top: (y + 1) % side)
      }
    }
    return sum
  }

  private mutating func readMoments(on level: Double) {
    let count = rawCount
    for column in firstRow.indices {
      let x = Backdrop.show(firstRow[column], on: level)
      let y = Backdrop.show(secondRow[column], on: level)
      let (squares, products) = (x * x + y * y, x * y)
      for channel in 0..<3 {
        let place = 3 * column + channel
        raw[place] = x[channel]
        raw[count + place] = y[channel]
        raw[2 * count + place] = squares[channel]
        raw[3 * count + place] = products[channel]
      }
    }
  }

  /// Filters the moments of a row into a slot of the ring.
  private mutating func filterAlong(to slot: Int) {
    let window = Window()
    let (count, padded) = (rawCount, padded)
    raw.withUnsafeBytes { raw in
      ring.withUnsafeMutableBytes { ring in
        for moment in 0..<Self.moments {
          let target = (slot * Self.moments + moment) * padded
          for place in stride(from: 0, to: padded, by: Self.lanes) {
            let middle = moment * count + place + Self.reach
            let mean = window.mean { raw.vector(middle + 3 * $0) }
            ring.storeBytes(
              of: mean, toByteOffset: 8 * (target + place), as: Vector.self)
          }
        }
      }
    }
  }

  /// The summed index of a row of places, whose topmost row is in a slot.
  private func similarity(top: Int) -> Double {
    let window = Window()
    let side = StructuralSimilarity.side
    let stride = Self.moments * padded
    // Where the rows around the middle begin, from the topmost.
    let starts = (0..<side).map { (top + $0) % side * stride }
    let (padded, places) = (padded, places)
    return starts.withUnsafeBufferPointer { starts in
      ring.withUnsafeBytes { ring in
        var sum = Vector.zero
        for place in Swift.stride(from: 0, to: padded, by: Self.lanes) {
          @inline(__always) func mean(_ moment: Int) -> Vector {
            window.mean {
              ring.vector(
                starts[StructuralSimilarity.radius + $0] + moment * padded
                  + place)
            }
          }
          var index = Self.index(mean(0), mean(1), mean(2), mean(3))
          if place + Self.lanes > places {
            // The room behind the row is no place.
            for lane in places - place..<Self.lanes { index[lane] = 0 }
          }
          sum += index
        }
        return sum.sum()
      }
    }
  }

  /// Equation (13) of the paper from the four moments.
  @inline(__always)
  private static func index(
    _ x: Vector, _ y: Vector, _ squares: Vector, _ products: Vector
  ) -> Vector {
    let product = x * y
    let square = x * x + y * y
    let luminance = StructuralSimilarity.luminanceConstant
    let contrast = StructuralSimilarity.contrastConstant
    let above =
      (2 * product + luminance) * (2 * (products - product) + contrast)
    let below = (square + luminance) * ((squares - square) + contrast)
    return above / below
  }

  /// The weights in registers.
  private struct Window {
    private let weights: (Double, Double, Double, Double, Double, Double)

    init() {
      let window = StructuralSimilarity.window
      weights = (
        window[0], window[1], window[2], window[3], window[4], window[5]
      )
    }

    /// The weighted mean of what stands at each distance from the middle.
    @inline(__always)
    func mean(_ value: (Int) -> Vector) -> Vector {
      var mean = weights.0 * value(0)
      mean += weights.1 * (value(-1) + value(1))
      mean += weights.2 * (value(-2) + value(2))
      mean += weights.3 * (value(-3) + value(3))
      mean += weights.4 * (value(-4) + value(4))
      mean += weights.5 * (value(-5) + value(5))
      return mean
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Four numbers from a place on.
  @inline(__always)
  fileprivate func vector(_ place: Int) -> SIMD4<Double> {
    loadUnaligned(fromByteOffset: 8 * place, as: SIMD4<Double>.self)
  }
}
