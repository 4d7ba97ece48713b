// Fits a Gaussian mixture to any points.
import TruncatedEM

// snippet.hide
// Two clouds of a hundred points.
var values: [Double] = []
for n in 0..<100 {
  let (a, b) = (Double(n % 10), Double(n / 10))
  values += [a, b, 50 + a, 50 + b]
}
// snippet.show

// snippet.fit
// x₀, y₀, x₁, y₁, …
let points = try WeightedPoints(coordinates: values, dimension: 2)
let engine = try TruncatedEM()
let fit = try engine.fit(points, components: 2, truncation: .soft(2), seed: 1)

for component in 0..<fit.model.components {
  print(fit.model.mean(component))
}
print(fit.model.variance, fit.converged)
// snippet.end

// snippet.kmeans
let kmeans = try engine.fit(points, components: 2, truncation: .hard, seed: 1)
let labels = try engine.nearestComponents(to: points, in: kmeans.model)
// snippet.end

// snippet.iterations
for statistics in fit.iterations {
  print(statistics.freeEnergy, statistics.inertia, statistics.variance)
}
// snippet.end

// snippet.tree
let tree = PointTree(points)
for cprime in 1...2 {
  let fit = try engine.fit(
    tree, components: 2, truncation: Truncation(cprime), seed: 1)
  print(cprime, fit.iterations.last?.freeEnergy ?? 0)
}
// snippet.end

// snippet.general
var options = FitOptions()
options.mixingWeights = .learned
options.covariance = .spherical
let general = try TruncatedEM(options).fit(
  points, components: 2, truncation: .full, seed: 1)
print(general.model.mixingWeights ?? [], general.model.variances ?? [])
// snippet.end

// snippet.choose
var selection = SelectionOptions()
selection.criterion = .bic
selection.most = 6
let chosen = try engine.fit(points, choosing: selection)
print(chosen.fit.model.components)
// snippet.end

// snippet.hide
precondition(Set(labels).count == 2)
precondition(abs(fit.model.mean(0)[0] - fit.model.mean(1)[0]) > 49)
