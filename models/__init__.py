"""Learned models: the shipped lexical model and the trainable token classifier."""
