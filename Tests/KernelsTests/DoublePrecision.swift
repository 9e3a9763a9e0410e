import Glibc

func exponential(_ x: Float) -> Double { exp(Double(x)) }

func logarithmOf(_ x: Double) -> Double { log(x) }
