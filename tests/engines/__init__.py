"""Tests of the engines that passages are looked for with, each over a server of its own."""
