/// A cell of the grid and the components among which its pixels look, with their
/// means in single precision, as vectors of equal numbers.
struct GridCell {
  /// A candidate's mean, and its number.
  private struct Candidate {
    let lightness: SIMD4<Float>
    let a: SIMD4<Float>
    let b: SIMD4<Float>
    let x: SIMD4<Float>
    let y: Float
    let number: SIMD4<Int32>
  }

  /// The components, in ascending order.
  let components: [Int]

  /// The columns of pixels in the cell.
  let columns: Range<Int>

  /// The rows of pixels in it.
  let rows: Range<Int>

  private let candidates: [Candidate]

  /// w².
  private let squaredWeight: Float

  /// Collects the candidates of a cell.
  init(_ mixture: GridMixture, column: Int, row: Int) {
    let grid = mixture.grid
    components = grid.neighbourhood(column: column, row: row)
    columns = grid.columnStarts[column]..<grid.columnStarts[column + 1]
    rows = grid.rowStarts[row]..<grid.rowStarts[row + 1]
    squaredWeight = Float(mixture.positionWeight * mixture.positionWeight)
    candidates = components.map { c in
      Candidate(
        lightness: SIMD4(repeating: Float(mixture.means[0][c])),
        a: SIMD4(repeating: Float(mixture.means[1][c])),
        b: SIMD4(repeating: Float(mixture.means[2][c])),
        x: SIMD4(repeating: Float(mixture.means[3][c])),
        y: Float(mixture.means[4][c]),
        number: SIMD4(repeating: Int32(c)))
    }
  }

  /// Writes the closest component of every pixel of the cell, and numbers that
  /// mean nothing to at most three pixels behind each of its rows.
  ///
  /// - Parameters:
  ///   - samples: Three planes.
  ///   - plane: The length of each.
  ///   - stride: The length of a row.
  ///   - labels: Room for rows of that length.
  func assign(
    _ samples: UnsafePointer<Float>, plane: Int, stride: Int,
    _ labels: UnsafeMutablePointer<Int32>
  ) {
    let ramp = SIMD4<Float>(0, 1, 2, 3)
    candidates.withUnsafeBufferPointer { candidates in
      for y in rows {
        let row = UnsafeRawPointer(samples + y * stride)
        let target = UnsafeMutableRawPointer(labels + y * stride)
        var x = columns.lowerBound
        while x < columns.upperBound {
          let at = x * MemoryLayout<Float>.stride
          let step = plane * MemoryLayout<Float>.stride
          let l = row.loadUnaligned(fromByteOffset: at, as: SIMD4<Float>.self)
          let a = row.loadUnaligned(
            fromByteOffset: at + step, as: SIMD4<Float>.self)
          let b = row.loadUnaligned(
            fromByteOffset: at + 2 * step, as: SIMD4<Float>.self)
          let place = ramp + Float(x)
          var best = SIMD4<Float>(repeating: .infinity)
          var number = SIMD4<Int32>.zero
          for c in 0..<candidates.count {
            let candidate = candidates[c]
            let dy = Float(y) - candidate.y
            let dx = place - candidate.x
            let (dl, da, db) = (
              l - candidate.lightness, a - candidate.a, b - candidate.b
            )
            let distance =
              dl * dl + da * da + db * db + squaredWeight * (dx * dx + dy * dy)
            let closer = distance .< best
            best.replace(with: distance, where: closer)
            number.replace(with: candidate.number, where: closer)
          }
          target.storeBytes(
            of: number, toByteOffset: x * MemoryLayout<Int32>.stride,
            as: SIMD4<Int32>.self)
          x += 4
        }
      }
    }
  }

  /// Calls `body` for each candidate with its place in ``components`` and its
  /// squared distance from a pixel, in double precision.
  @inline(__always)
  func forEachDistance(
    _ samples: UnsafeBufferPointer<Float>, plane: Int, _ at: Int,
    _ x: Int, _ y: Int, _ body: (Int, Double) -> Void
  ) {
    let l = Double(samples[at])
    let a = Double(samples[plane + at])
    let b = Double(samples[2 * plane + at])
    for (i, candidate) in candidates.enumerated() {
      let dl = l - Double(candidate.lightness.x)
      let da = a - Double(candidate.a.x)
      let db = b - Double(candidate.b.x)
      let dx = Double(x) - Double(candidate.x.x)
      let dy = Double(y) - Double(candidate.y)
      body(
        i,
        dl * dl + da * da + db * db
          + Double(squaredWeight) * (dx * dx + dy * dy))
    }
  }
}
