/// The E-steps of a fit: where the points are and among which components each
/// looks for those that it keeps.
protocol ExpectationStep {
  /// The E-step of C' = 1 to means whose variance is not known; F is that of the
  /// variance which belongs to the assignment, J/(D N).
  ///
  /// - Parameter means: Of its parameters only the means matter.
  /// - Returns: The statistics, F and J.
  /// - Throws: `FitError.dimensionsDiffer` for points that are made only now.
  mutating func assignment(
    to means: MixtureModel
  ) throws(FitError) -> ExpectationOutcome

  /// An E-step.
  ///
  /// - Parameter model: The parameters; their variances are greater than 0.
  /// - Returns: The statistics, F and J.
  /// - Throws: As above.
  mutating func outcome(
    of model: MixtureModel
  ) throws(FitError) -> ExpectationOutcome

  /// Moves components that no point gave any weight to where they are needed.
  ///
  /// - Parameters:
  ///   - empty: The components, none of them pinned.
  ///   - model: The parameters after the M-step.
  mutating func reseed(_ empty: [Int], of model: inout MixtureModel)
}
