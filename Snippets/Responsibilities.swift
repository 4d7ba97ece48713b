// Computes how much each component explains each point.
import Quantization
import Rasters
import Segmentation
import TruncatedEM

// snippet.hide
let values: [Double] = [0, 1, 2, 9, 10, 11, 5]
guard let size = ImageSize(width: 2, height: 2) else {
  preconditionFailure("2 × 2 is a size")
}
let pixels = Pixels.eight(
  Raster(
    size: size, channels: .rgb,
    samples: [0, 0, 0, 255, 255, 255, 250, 250, 250, 120, 130, 125]))
// snippet.show

// snippet.points
let points = try WeightedPoints(coordinates: values, dimension: 1)
let engine = try TruncatedEM()
let fit = try engine.fit(points, components: 2, truncation: .soft(2), seed: 1)
let posterior = try engine.posterior(
  of: points, under: fit.model, truncation: .soft(2))

for n in 0..<posterior.count {
  for (component, responsibility) in posterior[n] {
    print(n, component, responsibility)
  }
}
// snippet.end

// snippet.bound
let bound = try engine.evaluate(points, under: fit.model, truncation: .hard)
let exact = try engine.evaluate(points, under: fit.model, truncation: .full)
print("gap:", exact.freeEnergy - bound.freeEnergy, "nats per point")
// snippet.end

// snippet.image
var options = try QuantizerOptions(colors: 2)
options.truncation = .soft(2)
let fitted = try Quantizer(options).palette(of: pixels)
let map = try ResponsibilityMap(
  pixels, histogram: fitted.histogram, model: fitted.fit.model,
  truncation: fitted.fit.truncation)
for rows in map.strips(of: map.stripHeight()) {
  let strip = map.strip(rows)
  // C' components and responsibilities for each pixel of these rows.
  print(strip.components, strip.responsibilities)
}
// snippet.end

// snippet.hide
for n in 0..<posterior.count {
  let sum = posterior[n].reduce(0) { $0 + $1.responsibility }
  precondition(abs(sum - 1) < 1e-5)
}
precondition(exact.freeEnergy >= bound.freeEnergy)
