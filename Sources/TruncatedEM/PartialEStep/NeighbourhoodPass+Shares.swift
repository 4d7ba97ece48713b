import ParallelWork

extension NeighbourhoodPass {
  /// Finds the new K_n of points, and shares each point among them.
  ///
  /// - Parameters:
  ///   - range: The points, from a multiple of `WeightedPoints.lanes` on.
  ///   - neighbourhoods: Where to look, or `nil` to keep the members of K_n.
  ///   - precision: 1/2σ²; of no interest with C' = 1.
  /// - Returns: J, and with C' > 1 F without its constant part.
  func share(
    _ range: Range<Int>, among neighbourhoods: Neighbourhoods?,
    _ precision: Double
  ) -> PassSums {
    let kept = KeptComponents<Dimension>(truncation, means)
    let block = SharedBlock(truncation)
    defer {
      kept.deallocate()
      block.deallocate()
    }
    return Neighbourhoods.withUnsafe(neighbourhoods) { neighbourhoods in
      var sums = PassSums()
      var n = range.lowerBound
      while n < range.upperBound {
        let lanes = min(WeightedPoints.lanes, range.upperBound - n)
        for lane in 0..<lanes {
          let first = (n + lane) * truncation
          kept.load(
            memberships.components + first, memberships.values + first)
          if let neighbourhoods {
            sums.distances += kept.search(
              neighbourhoods, near: point(n + lane))
          }
          for i in 0..<truncation {
            memberships.components[first + i] = kept.numbers[i]
            block.distances[i][lane] = kept.distances[i]
          }
        }
        let weights = UnsafeRawPointer(points.weights + n)
          .loadUnaligned(as: SIMD4<Double>.self)
        let logarithms = block.share(weights, precision)
        for lane in 0..<lanes {
          sums.inertia += weights[lane] * block.distances[0][lane]
          sums.freeEnergy += weights[lane] * logarithms[lane]
          let first = (n + lane) * truncation
          for i in 0..<truncation {
            memberships.values[first + i] = block.shares[i][lane]
          }
        }
        n += lanes
      }
      return sums
    }
  }

  /// Adds up what the M-step needs, component by component.
  func statistics(
    _ tree: UnsafeMeansTree, _ workers: Workers
  ) -> SufficientStatistics {
    var result = SufficientStatistics(
      components: components, dimension: Dimension.count)
    let pieces = Self.componentPieces(components)
    result.values.withUnsafeMutableBufferPointer { buffer in
      let rows = SharedMemory(buffer)
      workers.forEach(pieces.count) { piece in
        // Components near each other keep points near each other.
        for place in pieces[piece] {
          let c = Int(tree.numbers[place])
          addStatistics(
            of: c,
            to: StatisticsRow(c, of: rows.start, dimension: Dimension.count))
        }
      }
    }
    return result
  }

  private func addStatistics(
    of component: Int, to row: SufficientStatistics.Row
  ) {
    let mean = mean(component)
    var weight = 0.0
    var scatter = 0.0
    var sum = Vector.zero
    for i in memberships.ofComponent(component) {
      let place = point(memberships.point(of: i))
      let share = memberships.values[Int(i)]
      weight += share
      scatter += share * Dimension.squaredDistance(place, mean)
      sum += share * place
    }
    row.weight = weight
    row.scatter = scatter
    for d in 0..<Dimension.count { row[d] = sum[d] }
  }
}
