import Testing
import TruncatedEM

@Suite struct WeightedPointsTests {
  @Test func keepsPointsAndWeights() throws {
    let points = try WeightedPoints(
      coordinates: [1, 2, 3, 4, 5, 6], weights: [2, 0.5], dimension: 3)
    #expect(points.count == 2)
    #expect(points.totalWeight == 2.5)
    #expect(points.coordinates(ofPoint: 1) == [4, 5, 6])
    #expect(points.weight(ofPoint: 1) == 0.5)
  }

  @Test func takesSinglePrecision() throws {
    let coordinates: [Float] = [1.5, 2, 3, 4.25, 5, 6]
    let weights: [Float] = [2, 0.5]
    let points = try WeightedPoints(
      coordinates: coordinates, weights: weights, dimension: 3)
    #expect(points.coordinates(ofPoint: 0) == [1.5, 2, 3])
    #expect(points.coordinates(ofPoint: 1) == [4.25, 5, 6])
    #expect(points.weight(ofPoint: 1) == 0.5)
    let plain = try WeightedPoints(coordinates: coordinates, dimension: 2)
    #expect(plain.count == 3)
    #expect(plain.totalWeight == 3)
    #expect(throws: FitError.notFinite) {
      try WeightedPoints(coordinates: [Float.nan], dimension: 1)
    }
  }

  @Test func refusesWhatIsNotPoints() {
    #expect(throws: FitError.noPoints) {
      try WeightedPoints(coordinates: [], dimension: 3)
    }
    #expect(throws: FitError.dimension(0)) {
      try WeightedPoints(coordinates: [1], dimension: 0)
    }
    #expect(throws: FitError.dimension(2)) {
      try WeightedPoints(coordinates: [1, 2, 3], dimension: 2)
    }
    #expect(throws: FitError.notFinite) {
      try WeightedPoints(coordinates: [1, .nan], dimension: 1)
    }
    for weights in [[1.0], [1, -1], [0, 0], [1, .nan], [1, .infinity]] {
      #expect(throws: FitError.weights) {
        try WeightedPoints(
          coordinates: [1, 2], weights: weights, dimension: 1)
      }
    }
  }
}
