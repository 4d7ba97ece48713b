public import ArgumentParser
public import TruncatedEM

extension FitOptions.Mixing: ExpressibleByArgument {}

extension FitOptions.Variance: ExpressibleByArgument {}
