# SPDX-License-Identifier: Apache-2.0
# What README, demo and tests share: inputs, and the mappings that read them.
EXTRA_DIST += %D%/SOURCES.md %D%/make_customers.py %D%/customers.csv \
	%D%/holdings.csv %D%/sap-customers-idoc.xml \
	%D%/accounts.sdl %D%/accounts.csv %D%/process-conf.xml \
	%D%/rehearsal-schema.yaml \
	mappings/holdings.yaml mappings/customers.yaml \
	mappings/sap-customers-idoc.yaml
