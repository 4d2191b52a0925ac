"""Crawling publication sites: politely, incrementally, with every page kept as it came."""
