# SPDX-License-Identifier: Apache-2.0
# What README, demo and tests share: inputs, and the mappings that read them.
EXTRA_DIST += %D%/SOURCES.md %D%/make_customers.py %D%/customers.csv \
	%D%/holdings.csv %D%/sap-customers-idoc.xml \
	%D%/sap-materials-idoc.xml %D%/sap-orders-idoc.xml \
	%D%/s4-business-partners.xml %D%/ubl-invoice.xml \
	%D%/cxml-order.xml %D%/netsuite-customers.xml %D%/ado-rowset.xml \
	%D%/accounts.sdl %D%/accounts.csv %D%/process-conf.xml \
	%D%/attachments.csv %D%/papers/contract-4711.txt \
	%D%/papers/delivery-17.txt mappings/attachments.yaml \
	%D%/contacts.csv %D%/dynamics-accounts.csv %D%/opportunities.csv \
	%D%/orders.csv %D%/products.csv %D%/sap-customers.csv \
	mappings/contacts.yaml mappings/dynamics-accounts.yaml \
	mappings/opportunities.yaml mappings/orders.yaml \
	mappings/products.yaml mappings/sap-customers.yaml \
	%D%/rehearsal-schema.yaml \
	mappings/holdings.yaml mappings/customers.yaml \
	mappings/sap-customers-idoc.yaml \
	mappings/sap-materials-idoc.yaml mappings/sap-orders-idoc.yaml \
	mappings/s4-business-partners.yaml mappings/ubl-invoice.yaml \
	mappings/cxml-order.yaml mappings/netsuite-customers.yaml \
	mappings/ado-rowset.yaml

# What editors complete and check mappings by.
dist_pkgdata_DATA = mappings/mapping.schema.json
